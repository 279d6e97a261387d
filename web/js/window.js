// @ts-check
/** The events that people look into: those with free seats first, then the full and the closed, then those that are over. */
import { getEvent } from "./api.js";
import { part, setText, stamp } from "./dom.js";
import { EventList } from "./events.js";
import { startFilters } from "./filters.js";
import { t, tn } from "./i18n.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {import("./api.js").Page<BookableEvent>} EventPage */
/** @typedef {import("./reader.js").Tools} Tools */

const NONE = { items: [], next: null };

/** As the service lists what is free: by date, but last what had its date before it was created. @param {BookableEvent} a @param {BookableEvent} b */
const inOrder = (a, b) => Number(isGone(a)) - Number(isGone(b)) || Date.parse(a.date) - Date.parse(b.date) || a.id - b.id;

/** @param {BookableEvent} event */
const isGone = ({ date, created_at }) => Date.parse(date) <= Date.parse(created_at);

export class EventWindow {
  /** Whether the earlier events are to be opened if nothing else is found. */
  #reveal = true;
  #isFiltered = false;

  /** @param {HTMLElement} root holds what `parts/window.html` has @param {Tools} tools */
  constructor(root, { mine, actions, refresh }) {
    this.root = root;
    this.mine = mine;
    const card = {
      create: (/** @type {BookableEvent} */ { id }) => {
        const item = stamp("event");
        part(item, "name").href = `/events/${id}`;
        actions.wire(item, () => this.#event(id));
        return item;
      },
      update: (/** @type {HTMLElement} */ item, /** @type {BookableEvent} */ event) => actions.show(item, event, true),
    };
    this.open = new EventList(part(root, "open"), { free: "1" }, card, true);
    this.full = new EventList(part(root, "full"), { free: "0" }, card, true);
    this.earlier = new EventList(part(root, "earlier"), { past: "1" }, card, true);
    const filter = startFilters(part(root, "filters"), (chosen) => {
      this.#filter(chosen);
      void refresh();
    });
    this.#filter(filter);
    part(root, "earlier").addEventListener("toggle", refresh);
  }

  async load() {
    const [open, full, earlier] = await Promise.all([
      this.open.load(),
      this.full.load(),
      part(this.root, "earlier").open ? this.earlier.load() : NONE,
    ]);
    const isReveal = this.#reveals(open, full) && !part(this.root, "earlier").open;
    return { open: await this.#keepInPlace(open, full), full, earlier: isReveal ? await this.earlier.load() : earlier };
  }

  /** @param {{open: EventPage, full: EventPage, earlier: EventPage}} loaded */
  show({ open, full, earlier }) {
    const standing = new Set(open.items.map(({ id }) => id));
    this.open.show(open);
    this.full.show({ items: full.items.filter(({ id }) => !standing.has(id)), next: full.next });
    this.earlier.show(earlier);
    if (this.#reveals(open, full)) part(this.root, "earlier").open = true;
    this.#reveal = false;
    this.#showFound();
  }

  /** @param {EventPage} open @param {EventPage} full */
  #reveals(open, full) {
    return this.#reveal && open.items.length === 0 && full.items.length === 0;
  }

  render() {
    for (const list of [this.open, this.full, this.earlier]) list.render();
    this.#showFound();
  }

  eventIds() {
    return [this.open, this.full, this.earlier].flatMap(({ events }) => events.map(({ id }) => id));
  }

  /** @param {import("./live.js").Seats} seats */
  takeSeats(seats) {
    for (const list of [this.open, this.full, this.earlier]) if (list.takeSeats(seats)) list.render();
  }

  /**
   * An event whose last seat is taken while one looks at it stays where it is; above all if it was taken by the reader.
   * @param {EventPage} open @param {EventPage} full @returns {Promise<EventPage>}
   */
  async #keepInPlace({ items, next }, full) {
    const free = new Set(items.map(({ id }) => id));
    const left = this.open.events.filter(({ id }) => !free.has(id));
    const kept = await Promise.all(left.map(async ({ id }) =>
      full.items.find((event) => event.id === id) ?? (this.mine.live(id) ? getEvent(id) : null)));
    const found = kept.filter((event) => event !== null && event.canceled_at === null);
    return { items: [...items, ...found].sort(inOrder), next };
  }

  /** @param {import("./filters.js").Filter} filter */
  #filter({ free, ...filter }) {
    this.root.dataset.filter = free ? "free" : "all";
    this.#isFiltered = Object.keys(filter).length > 0;
    this.#reveal = true;
    for (const list of [this.open, this.full, this.earlier]) list.filter = filter;
  }

  #showFound() {
    const count = this.open.events.length + this.full.events.length;
    part(this.root, "full").hidden = this.root.dataset.filter === "free" || this.full.events.length === 0;
    const noneFree = this.open.events.length === 0 && this.full.events.length > 0;
    if (noneFree) setText(part(part(this.root, "open"), "empty"), t("events.none_free"));
    const more = this.open.hasMore || this.full.hasMore;
    setText(part(this.root, "found"), this.#isFiltered ? tn(more ? "events.found_more" : "events.found", count) : "");
  }

  /** @param {number} id */
  #event(id) {
    const all = [...this.open.events, ...this.full.events, ...this.earlier.events];
    const event = all.find((candidate) => candidate.id === id);
    if (!event) throw new Error("a button of an event that is not there");
    return event;
  }
}
