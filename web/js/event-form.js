// @ts-check
/** The form of `/admin` that creates an event or changes one. Of a changed one it sends only what is different. */
import { changeEvent, createEvent } from "./api.js";
import { part, setText } from "./dom.js";
import { onSubmit, readForm } from "./forms.js";
import { t, timeZone } from "./i18n.js";
import { tellDone } from "./notices.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {Record<string, string | undefined>} Values as `readForm` reads them */
/** @typedef {{event: BookableEvent, shown: Values, origin: HTMLElement}} Change
 *   `shown`: the fields before anything was typed; `origin`: the button that was pressed */

export class EventForm {
  /** @type {Change | null} null: the form is for a new event */
  #change = null;

  /**
   * @param {HTMLElement} root holds the parts `heading`, `form`, `zone`, `submit` and `discard`
   * @param {() => Promise<void>} refresh
   */
  constructor(root, refresh) {
    this.root = root;
    this.refresh = refresh;
    /** @type {HTMLFormElement} */
    this.form = part(root, "form");
    onSubmit(this.form, (values) => (this.#change ? this.#save(values, this.#change) : this.#create(values)));
    part(root, "discard").addEventListener("click", () => this.#discard());
    this.render();
  }

  render() {
    const change = this.#change;
    setText(part(this.root, "heading"), change ? t("admin.change", { name: change.event.name }) : t("admin.create"));
    setText(part(this.root, "submit"), t(change ? "admin.change.submit" : "admin.create.submit"));
    setText(part(this.root, "zone"), t("field.date.hint", { zone: timeZone() }));
    part(this.root, "discard").hidden = change === null;
  }

  /** @param {BookableEvent} event @param {HTMLElement} origin gets the focus back */
  edit(event, origin) {
    if (this.#isSending()) return;
    this.form.reset();
    const { name, date, total_seats, booking_ttl_minutes } = event;
    const values = { name, date: localMinute(date), total_seats, booking_ttl_minutes };
    for (const [field, value] of Object.entries(values)) this.#input(field).value = String(value);
    this.#change = { event, shown: readForm(this.form), origin };
    this.render();
    part(this.root, "heading").scrollIntoView({ block: "nearest" });
    this.#input("name").focus({ preventScroll: true });
  }

  /** The event cannot be changed any more. @param {number} eventId */
  forget(eventId) {
    if (this.#change?.event.id === eventId) this.#startNew();
  }

  /** @param {Values} values */
  async #create(values) {
    const created = await createEvent(members(values));
    this.#startNew();
    tellDone(t("admin.created", { name: created.name }));
    await this.refresh();
  }

  /** @param {Values} values @param {Change} change */
  async #save(values, { event, shown, origin }) {
    // An emptied field is sent as such: left out, it would stay as it was and seem saved.
    const different = Object.entries(values)
      .filter(([field, value]) => value !== shown[field])
      .map(([field, value]) => [field, value ?? ""]);
    const saved = await changeEvent(event.id, members(Object.fromEntries(different)));
    this.#startNew();
    tellDone(t("admin.changed", { name: saved.name }));
    await this.refresh();
    this.#giveBack(origin);
  }

  #discard() {
    if (!this.#change || this.#isSending()) return;
    const { origin } = this.#change;
    this.#startNew();
    this.#giveBack(origin);
  }

  #startNew() {
    this.#change = null;
    this.form.reset();
    this.render();
  }

  /** @param {HTMLElement} origin may have gone with its event */
  #giveBack(origin) {
    (origin.checkVisibility() ? origin : part(this.root, "submit")).focus();
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

/** @param {Values} values @returns {Record<string, unknown>} as the API takes them; what is empty is for it to judge */
function members({ name, date, total_seats, booking_ttl_minutes }) {
  return {
    name,
    date: date && new Date(date).toISOString(),
    total_seats: total_seats && Number(total_seats),
    booking_ttl_minutes: booking_ttl_minutes && Number(booking_ttl_minutes),
  };
}

/** @param {string} time ISO 8601 @returns {string} its minute in the reader's own time zone, for `datetime-local` */
function localMinute(time) {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, "2030-03-01T18:00".length);
}
