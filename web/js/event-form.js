// @ts-check
/** The panel that creates an event or changes one. Of a changed one it sends only what is different. */
import { ApiError, changeEvent, createEvent, getEvent } from "./api.js";
import { part, setText, whileBusy } from "./dom.js";
import { checkAsTyped, onSubmit, readForm } from "./forms.js";
import { t, timeZone } from "./i18n.js";
import { tellError } from "./notices.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {Record<string, string | undefined>} Values as `readForm` reads them */
/** @typedef {{event: BookableEvent, shown: Values}} Change `shown`: the fields before anything was typed */

const NUMBERS = ["total_seats", "booking_ttl_minutes", "max_seats_per_booking", "no_show_minutes"];
const TIMES = ["date", "opens_at", "closes_at"];
const MAY_BE_EMPTY = ["description", "place", "opens_at", "closes_at", "no_show_minutes"];

export class EventForm {
  /** @type {Change | null} null: the form is for a new event */
  #change = null;

  /**
   * @param {HTMLDialogElement} root holds what `parts/event-form.html` has
   * @param {(event: BookableEvent, isNew: boolean) => Promise<void>} onSaved
   */
  constructor(root, onSaved) {
    this.root = root;
    this.onSaved = onSaved;
    /** @type {HTMLFormElement} */
    this.form = part(root, "form");
    const reload = part(root, "reload");
    onSubmit(this.form, (values) => (this.#change ? this.#save(values, this.#change) : this.#create(values)));
    checkAsTyped(this.form);
    part(root, "discard").addEventListener("click", () => this.#discard());
    reload.addEventListener("click", () => whileBusy(reload, () => this.#reload()));
    this.#input("timezone").defaultValue = timeZone();
    this.#input("timezone").addEventListener("input", () => this.render());
    part(root, "timezones").append(...Intl.supportedValuesOf("timeZone").map((zone) => new Option(zone, zone)));
    this.render();
  }

  render() {
    const change = this.#change;
    setText(part(this.root, "heading"), change ? t("admin.change", { name: change.event.name }) : t("admin.create"));
    setText(part(this.root, "submit"), t(change ? "admin.change.submit" : "admin.create.submit"));
    setText(part(this.root, "zone"), t("field.date.hint", { zone: this.#input("timezone").value.trim() }));
  }

  /** What was typed before the panel was closed is still there. */
  create() {
    if (this.#change) this.#startNew();
    this.#open();
  }

  /** @param {BookableEvent} event */
  edit(event) {
    if (this.#isSending()) return;
    this.form.reset();
    part(this.root, "reload").hidden = true;
    const { name, total_seats, booking_ttl_minutes, description, place, timezone } = event;
    const { max_seats_per_booking, no_show_minutes } = event;
    const values = {
      name, total_seats, booking_ttl_minutes, description, place, timezone, max_seats_per_booking, no_show_minutes,
    };
    for (const [field, value] of Object.entries(values)) this.#input(field).value = String(value ?? "");
    for (const field of TIMES) this.#input(field).value = localMinute(event[/** @type {"date"} */ (field)] ?? "");
    this.#input("published").checked = event.published;
    part(this.root, "optional").open = MAY_BE_EMPTY.some((field) => event[/** @type {"place"} */ (field)]);
    this.#change = { event, shown: readForm(this.form) };
    this.render();
    this.#open();
  }

  #open() {
    if (!this.root.open) this.root.showModal();
    this.#input("name").focus();
  }

  /** @param {Values} values */
  async #create(values) {
    const said = Object.entries(values).filter(([, value]) => value !== undefined);
    const created = await createEvent({ ...members(Object.fromEntries(said)), published: values.published !== undefined });
    this.#startNew();
    this.root.close();
    await this.onSaved(created, true);
  }

  /** @param {Values} values @param {Change} change */
  async #save(values, { event, shown }) {
    const fields = new Set([...Object.keys(values), ...Object.keys(shown)]);
    const different = [...fields].filter((field) => values[field] !== shown[field]);
    // What the clock shows in the form is meant by the clock of the zone that the form names.
    if (different.includes("timezone")) different.push(...TIMES);
    // An emptied field is sent as such: left out, it would stay as it was and seem saved.
    const sent = Object.fromEntries(different.map((field) => [field, values[field]]));
    const seats = this.#input("total_seats");
    delete seats.dataset.invalid;
    let saved;
    try {
      saved = await changeEvent(event, members(sent));
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "";
      part(this.root, "reload").hidden = code !== "precondition_failed";
      if (code !== "oversold") throw error;
      seats.dataset.invalid = "oversold";
      throw new ApiError(409, code, "", [{ field: "total_seats", message: "" }]);
    }
    this.#startNew();
    this.root.close();
    await this.onSaved(saved, false);
  }

  async #reload() {
    if (!this.#change) return;
    try {
      this.edit(await getEvent(this.#change.event.id));
    } catch (error) {
      tellError(error);
    }
  }

  #discard() {
    if (this.#isSending()) return;
    this.#startNew();
    this.root.close();
  }

  #startNew() {
    this.#change = null;
    this.form.reset();
    part(this.root, "reload").hidden = true;
    part(this.root, "optional").open = false;
    this.render();
  }

  /** What is being sent must not end in the fields of another event. */
  #isSending() {
    return part(this.root, "submit").getAttribute("aria-busy") === "true";
  }

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }
}

/**
 * @param {Values} values what is empty is for the API to judge, unless an event can be without it
 * @returns {Record<string, unknown>} as the API takes them
 */
function members(values) {
  /** @type {Record<string, unknown>} */
  const sent = {};
  for (const [field, value] of Object.entries(values)) {
    if (field === "published") sent[field] = value !== undefined;
    else if (value === undefined && MAY_BE_EMPTY.includes(field)) sent[field] = null;
    else sent[field] = value && NUMBERS.includes(field) ? Number(value) : (value ?? "");
  }
  return sent;
}

/** @param {string} time ISO 8601 @returns {string} what the clock shows there, for `datetime-local` */
const localMinute = (time) => time.slice(0, "2030-03-01T18:00".length);
