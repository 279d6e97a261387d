// @ts-check
/** Events on the page: a list that is loaded page by page and kept up to date, and what each card says. */
import { getEvents, page } from "./api.js";
import { serverNow } from "./clock.js";
import { part, reconcile, setText, whileBusy } from "./dom.js";
import { showDetails, showWhenAndWhere } from "./event-details.js";
import { formatNumber, t, tn } from "./i18n.js";
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
  #query = "";

  /**
   * @param {HTMLElement} section holds the parts `list`, `empty` and `more`
   * @param {boolean} past whether the list is of the events that are over
   * @param {{create: (event: BookableEvent) => HTMLElement,
   *   update: (card: HTMLElement, event: BookableEvent) => void}} card
   */
  constructor(section, past, card) {
    this.section = section;
    this.past = past;
    this.card = card;
    const more = part(section, "more");
    more.addEventListener("click", () => whileBusy(more, () => this.#loadMore()));
  }

  /** @param {string} query a part of the name; another one starts the list from its first page again */
  set query(query) {
    if (query === this.#query) return;
    this.#query = query;
    this.#wanted = PAGE_SIZE;
  }

  /** As many events as are shown now, as they are now. @returns {Promise<EventPage>} */
  load() {
    return getEvents({ ...(this.#query && { q: this.#query }), ...(this.past && { past: "1" }) }, this.#wanted);
  }

  /** @param {EventPage} loaded */
  show({ items, next }) {
    this.events = items;
    this.#next = next;
    this.render();
  }

  render() {
    reconcile(part(this.section, "list"), this.events, (event) => event.id, this.card.create, this.card.update);
    const empty = part(this.section, "empty");
    empty.hidden = this.events.length > 0;
    setText(empty, t(this.#query ? "events.not_found" : "events.empty"));
    part(this.section, "more").hidden = this.#next === null;
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
 *  @returns {"confirmed" | "held" | "closed" | "not_open" | "sold_out" | "open"} */
export function eventState(event, mine) {
  if (mine?.status === "confirmed") return "confirmed";
  if (mine?.status === "pending") return "held";
  if (isClosed(event)) return "closed";
  if (event.opens_at && Date.parse(event.opens_at) > serverNow()) return "not_open";
  return event.available_seats > 0 ? "open" : "sold_out";
}

/**
 * What every card of an event shows, whoever looks at it.
 * @param {HTMLElement} card @param {BookableEvent} event @param {ReturnType<typeof eventState> | "waiting"} state
 */
export function showEvent(card, event, state) {
  card.dataset.state = state;
  setText(part(card, "name"), event.name);
  showWhenAndWhere(card, event.date, event.timezone, event.place);
  showDetails(card, event);
  part(card, "draft").hidden = event.published;
  setText(part(card, "state"), t(`event.state.${state}`));
  const meter = part(card, "meter");
  meter.max = event.total_seats;
  meter.value = event.available_seats;
  meter.setAttribute("aria-label", t("event.seats.label"));
  const total = formatNumber(event.total_seats);
  setText(part(card, "seats"), tn("event.seats", event.available_seats, { total }));
  setText(part(card, "hold-minutes"), tn("event.hold", event.booking_ttl_minutes));
}
