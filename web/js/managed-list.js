// @ts-check
/** The table of `/admin`: events as the service sorts, searches and pages them; what is asked for stands in the address. */
import { getManagedEvents } from "./api.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { onSearch } from "./forms.js";
import { formatNumber, formatTime, t, tn } from "./i18n.js";
import { showSeatBar, showState } from "./seat-bar.js";

/** @typedef {import("./api.js").ManagedEvent} ManagedEvent */
/** @typedef {{total: number, events: ManagedEvent[]}} Loaded */

const PAGE_SIZE = 50;
const USUAL = { q: "", which: "upcoming", sort: "date" };
/** What the head of a column sorts by when it is pressed first. */
const FIRST = { name: "name", date: "date", fullness: "-fullness" };

export class ManagedList {
  /** @type {Loaded} */
  #shown = { total: 0, events: [] };
  #page = 1;

  /** @param {HTMLElement} root @param {() => Promise<void>} refresh */
  constructor(root, refresh) {
    this.root = root;
    this.refresh = refresh;
    /** @type {HTMLFormElement} */
    this.form = part(root, "filters");
    const asked = new URL(location.href).searchParams;
    for (const name of Object.keys(USUAL)) {
      const control = this.#control(name);
      control.value = asked.get(name) ?? control.value;
      if (control.value === "") control.value = USUAL[/** @type {"q"} */ (name)];
    }
    this.#page = Math.max(1, Number.parseInt(asked.get("page") ?? "1", 10) || 1);
    onSearch(this.form, () => this.#turnTo(1));
    for (const head of root.querySelectorAll("th[data-column]")) {
      head.firstElementChild?.addEventListener("click", () => this.#sortBy(/** @type {HTMLElement} */ (head).dataset.column));
    }
    for (const [name, step] of /** @type {const} */ ([["previous", -1], ["next", 1]])) {
      const button = part(root, name);
      button.addEventListener("click", () => whileBusy(button, () => this.#turnTo(this.#page + step)));
    }
  }

  /** @returns {Promise<Loaded>} the same object as before if nothing is different */
  load() {
    return getManagedEvents({ ...this.#wanted(), limit: String(PAGE_SIZE), page: String(this.#page) });
  }

  /** @param {Loaded} loaded */
  show(loaded) {
    this.#shown = loaded;
    this.render();
  }

  /** Whether these free seats differ from what is shown. @param {import("./live.js").Seats} seats */
  isNews({ id, available_seats, total_seats }) {
    const event = this.#shown.events.find((shown) => shown.id === id);
    return event !== undefined && (event.available_seats !== available_seats || event.total_seats !== total_seats);
  }

  get eventIds() {
    return this.#shown.events.map(({ id }) => id);
  }

  render() {
    const { total, events } = this.#shown;
    reconcile(part(this.root, "list"), events, ({ id }) => id, createRow, updateRow);
    part(this.root, "empty").hidden = events.length > 0;
    setText(part(this.root, "empty"), t(this.#wanted().q === undefined ? "managed.empty" : "events.not_found"));
    setText(part(this.root, "found"), tn("managed.found", total));
    const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
    part(this.root, "pager").hidden = pages === 1 && this.#page === 1;
    part(this.root, "previous").hidden = this.#page === 1;
    part(this.root, "next").hidden = this.#page >= pages;
    setText(part(this.root, "page-place"), t("managed.page_of", { page: formatNumber(this.#page), pages: formatNumber(pages) }));
    this.#showSorting();
  }

  #showSorting() {
    const sort = this.#control("sort").value;
    const column = sort.replace("-", "");
    for (const head of this.root.querySelectorAll("th[data-column]")) {
      if (/** @type {HTMLElement} */ (head).dataset.column !== column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
    }
  }

  /** @param {string | undefined} column */
  #sortBy(column) {
    const first = FIRST[/** @type {"name"} */ (column)];
    const other = first.startsWith("-") ? first.slice(1) : `-${first}`;
    const control = this.#control("sort");
    control.value = control.value === first ? other : first;
    void this.#turnTo(1);
  }

  /** @param {number} page */
  async #turnTo(page) {
    this.#page = page;
    const address = new URL(location.href);
    for (const [name, value] of Object.entries({ ...this.#wanted(), page: String(page) })) {
      const usual = { ...USUAL, page: "1" }[name];
      if (value === usual) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    if (!this.#control("q").value.trim()) address.searchParams.delete("q");
    history.replaceState(null, "", address);
    await this.refresh();
  }

  /** @returns {Record<string, string>} */
  #wanted() {
    const query = this.#control("q").value.trim();
    return { which: this.#control("which").value, sort: this.#control("sort").value, ...(query && { q: query }) };
  }

  /** @param {string} name */
  #control(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }
}

/** @param {ManagedEvent} event */
function createRow({ id }) {
  const row = stamp("managed");
  part(row, "name").href = `/admin/events/${id}`;
  return row;
}

/** @param {HTMLElement} row @param {ManagedEvent} event */
function updateRow(row, event) {
  setText(part(row, "name"), event.name);
  part(row, "place").hidden = !event.place;
  setText(part(row, "place"), event.place ?? "");
  part(row, "date").dateTime = event.date;
  setText(part(row, "date"), formatTime(event.date, event.timezone));
  showSeatBar(row, event);
  showState(row, event);
}
