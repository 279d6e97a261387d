// @ts-check
/** Events on the page: a list that is loaded page by page and kept up to date, and what each card says. */
import { getEvents, page } from "./api.js";
import { serverNow } from "./clock.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { showDetails, showWhenAndWhere } from "./event-details.js";
import { formatDay, formatNumber, t, tn } from "./i18n.js";
import { tellError } from "./notices.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./api.js").Page<BookableEvent>} EventPage */

const PAGE_SIZE = 20;

export class EventList {
  /** @type {BookableEvent[]} */
  events = [];
  #wanted = PAGE_SIZE;
  /** @type {string | null} */
  #next = null;
  /** @type {Record<string, string>} */
  #filter = {};

  /**
   * @param {HTMLElement} section holds the parts `list`, `empty` and `more`
   * @param {Record<string, string>} which events: `{past: "1"}`, `{free: "0"}`, …
   * @param {{create: (event: BookableEvent) => HTMLElement,
   *   update: (card: HTMLElement, event: BookableEvent) => void}} card
   * @param {boolean} byDay whether the events of a day are under a heading of their own
   */
  constructor(section, which, card, byDay = false) {
    this.section = section;
    this.which = which;
    this.card = card;
    this.byDay = byDay;
    const more = part(section, "more");
    more.addEventListener("click", () => whileBusy(more, () => this.#loadMore()));
  }

  /** @param {string} query a part of the name */
  set query(query) {
    this.filter = query ? { q: query } : {};
  }

  /** @param {Record<string, string>} filter another one starts the list from its first page again */
  set filter(filter) {
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return;
    this.#filter = filter;
    this.#wanted = PAGE_SIZE;
    this.events = [];
  }

  get isFiltered() {
    return Object.keys(this.#filter).length > 0;
  }

  /** Whether there are more than are shown. */
  get hasMore() {
    return this.#next !== null;
  }

  /** As many events as are shown now, as they are now. @returns {Promise<EventPage>} */
  load() {
    return getEvents({ ...this.#filter, ...this.which }, this.#wanted);
  }

  /** @param {EventPage} loaded */
  show({ items, next }) {
    this.events = items;
    this.#next = next;
    this.render();
  }

  /** @param {import("./live.js").Seats} seats @returns {boolean} whether they were others until now */
  takeSeats({ id, available_seats, total_seats }) {
    const event = this.events.find((shown) => shown.id === id);
    if (!event || (event.available_seats === available_seats && event.total_seats === total_seats)) return false;
    Object.assign(event, { available_seats, total_seats });
    return true;
  }

  render() {
    const { create, update } = this.card;
    const list = part(this.section, "list");
    if (this.byDay) reconcile(list, days(this.events), ({ key }) => key, () => stamp("day"), (item, day) => this.#showDay(item, day));
    else reconcile(list, this.events, ({ id }) => id, create, update);
    const empty = part(this.section, "empty");
    empty.hidden = this.events.length > 0;
    setText(empty, t(this.isFiltered ? "events.not_found" : "events.empty"));
    part(this.section, "more").hidden = !this.hasMore;
  }

  /** @param {HTMLElement} item @param {Day} day */
  #showDay(item, { events }) {
    showDay(item, events[0].date, events[0].timezone);
    reconcile(part(item, "events"), events, ({ id }) => id, this.card.create, this.card.update);
  }

  async #loadMore() {
    if (this.#next === null) return;
    try {
      const { items, next } = /** @type {EventPage} */ (await page(this.#next));
      this.#wanted = this.events.length + items.length;
      this.show({ items: [...this.events, ...items], next });
    } catch (error) {
      tellError(error);
    }
  }
}

/** @typedef {{key: string, events: BookableEvent[]}} Day */

/** @param {BookableEvent[]} events by date @returns {Day[]} by the clock of each place */
function days(events) {
  /** @type {Map<string, BookableEvent[]>} */
  const found = new Map();
  for (const event of events) {
    const { key } = formatDay(event.date, event.timezone);
    found.set(key, [...(found.get(key) ?? []), event]);
  }
  return [...found].map(([key, events]) => ({ key, events }));
}

/** @param {HTMLElement} root holds the parts `weekday`, `number` and `month` @param {string} time @param {string} zone */
export function showDay(root, time, zone) {
  const { key, weekday, number, month, year } = formatDay(time, zone);
  const whole = root.querySelector("time[data-part=day]");
  whole?.setAttribute("datetime", key);
  setText(part(root, "weekday"), weekday);
  setText(part(root, "number"), number);
  setText(part(root, "month"), year ? `${month} ${year}` : month);
}

/**
 * Bookings close at the start at the latest, but an event that was created after its date never closes by itself.
 * @param {BookableEvent} event
 */
function isClosed(event) {
  const date = Date.parse(event.date);
  if (event.closes_at && Date.parse(event.closes_at) <= serverNow()) return true;
  return date > Date.parse(event.created_at) && date <= serverNow();
}

/** @param {BookableEvent} event @param {Booking} [mine]
 *  @returns {"confirmed" | "held" | "canceled" | "closed" | "not_open" | "sold_out" | "open"} */
export function eventState(event, mine) {
  if (mine?.status === "confirmed") return "confirmed";
  if (mine?.status === "pending") return "held";
  if (event.canceled_at) return "canceled";
  if (isClosed(event)) return "closed";
  if (event.opens_at && Date.parse(event.opens_at) > serverNow()) return "not_open";
  return event.available_seats > 0 ? "open" : "sold_out";
}

/**
 * What every card of an event shows, whoever looks at it.
 * @param {HTMLElement} card @param {BookableEvent} event @param {ReturnType<typeof eventState> | "waiting"} state
 * @param {boolean} underDay whether the day is told already
 */
export function showEvent(card, event, state, underDay = false) {
  card.dataset.state = state;
  setText(part(card, "name"), event.name);
  showWhenAndWhere(card, event.date, event.timezone, event.place, underDay);
  showDetails(card, event);
  part(card, "draft").hidden = event.published;
  setText(part(card, "state"), t(`event.state.${state}`));
  const meter = part(card, "meter");
  meter.max = event.total_seats;
  meter.low = event.total_seats / 6;
  meter.optimum = event.total_seats;
  meter.value = event.available_seats;
  meter.setAttribute("aria-label", t("event.seats.label"));
  const total = formatNumber(event.total_seats);
  setText(part(card, "seats"), tn("event.seats", event.available_seats, { total }));
  setText(part(card, "hold-minutes"), tn("event.hold", event.booking_ttl_minutes));
}
