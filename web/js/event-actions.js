// @ts-check
/** What a reader can do about an event, on its card or on its page: take seats, wait for some, confirm, give up. */
import { book, joinWaitlist } from "./api.js";
import { showControls, wireControls } from "./bookings.js";
import { focusNews, part, setText, whileBusy } from "./dom.js";
import { eventState, showEvent } from "./events.js";
import { formatHour, formatNumber, t, tn } from "./i18n.js";
import { keep } from "./kept.js";
import { tellDone, tellError } from "./notices.js";
import { leave, placeText } from "./waitlist.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./mine.js").Mine} Mine */
/** @typedef {import("./who-dialog.js").WhoDialog} WhoDialog */
/** @typedef {import("./who-dialog.js").Who} Who */

export class EventActions {
  /** @param {Mine} mine @param {WhoDialog} whoDialog @param {() => Promise<void>} refresh */
  constructor(mine, whoDialog, refresh) {
    this.mine = mine;
    this.whoDialog = whoDialog;
    this.refresh = refresh;
  }

  /**
   * Bring the buttons to life, once.
   * @param {HTMLElement} root holds the parts that `parts/event-actions.html` has @param {() => BookableEvent} current
   */
  wire(root, current) {
    const count = part(root, "count-input");
    for (const wanted of /** @type {const} */ (["book", "wait"])) {
      const button = part(root, wanted);
      button.addEventListener("click", () => whileBusy(button, () => this.#want(wanted, root, current(), count.value)));
    }
    const giveUp = part(root, "leave");
    giveUp.addEventListener("click", () => whileBusy(giveUp, () => this.#leave(current())));
    count.addEventListener("input", () => this.#showWants(root, current()));
    wireControls(root, () => this.#target(current()), this.refresh);
  }

  /** @param {HTMLElement} root @param {BookableEvent} event @param {boolean} underDay whether the day is told already */
  show(root, event, underDay) {
    const mine = this.mine.live(event.id);
    const entry = mine ? undefined : this.mine.waiting(event.id);
    const lapsed = mine ?? entry ? undefined : this.mine.lapsed(event.id);
    showEvent(root, event, entry ? "waiting" : eventState(event, mine), underDay);
    this.#showWants(root, event);
    part(root, "leave").hidden = !entry;
    part(root, "waiting").hidden = !entry;
    setText(part(root, "waiting"), entry ? placeText(entry) : "");
    part(root, "booked").hidden = mine?.status !== "confirmed";
    setText(part(root, "booked"), tn("event.booked", mine?.seats ?? 1));
    part(root, "lapsed").hidden = !lapsed;
    setText(part(root, "lapsed"), lapsed ? t("event.lapsed", { time: formatHour(lapsed.expires_at) }) : "");
    for (const [name, key] of Object.entries(LABELS)) {
      part(root, name).setAttribute("aria-label", t(key, { name: event.name }));
    }
    showControls(root, mine, event.name);
    const focused = document.activeElement;
    if (root.contains(focused) && !focused?.checkVisibility()) focusNews(root);
  }

  /** Booking or waiting, whichever is possible for as many seats as are asked for. @param {HTMLElement} root @param {BookableEvent} event */
  #showWants(root, event) {
    const taken = this.mine.live(event.id) ?? this.mine.waiting(event.id);
    const state = eventState(event);
    const takesBookings = this.mine.isLoaded && !taken && (state === "open" || state === "sold_out");
    const isFull = state === "sold_out" || Number(part(root, "count-input").value) > event.available_seats;
    part(root, "book").hidden = !takesBookings || isFull;
    part(root, "wait").hidden = !takesBookings || !isFull;
    part(root, "count").hidden = !takesBookings || event.max_seats_per_booking === 1;
    part(root, "count-input").max = String(event.max_seats_per_booking);
    part(root, "hold-minutes").hidden = state !== "open" || Boolean(taken);
  }

  /** @param {"book" | "wait"} wanted @param {HTMLElement} root @param {BookableEvent} event @param {string} seats as typed */
  async #want(wanted, root, event, seats) {
    const { user } = this.mine;
    const take = wanted === "book" ? this.#book : this.#join;
    if (!user) {
      this.whoDialog.ask(event, seats, wanted, async (who) => {
        await take(event, who);
        await this.refresh();
      }, () => focusNews(root));
      return;
    }
    try {
      await take(event, { email: user.email, name: user.name, seats: Number(seats) });
    } catch (error) {
      tellError(error);
    }
    await this.refresh();
  }

  #book = async (/** @type {BookableEvent} */ { id, name }, /** @type {Who} */ who) => {
    const booking = await book(id, who);
    if (!this.mine.user) keep("bookings", { id: booking.id, token: booking.token ?? "" });
    tellDone(t("booking.done.booked", { name }));
  };

  #join = async (/** @type {BookableEvent} */ { id, name }, /** @type {Who} */ who) => {
    const entry = await joinWaitlist(id, who);
    if (!this.mine.user) keep("waits", { id: entry.id, token: entry.token ?? "" });
    const done = entry.status === "offered" ? "waitlist.offered" : "waitlist.joined";
    tellDone(t(done, { name, position: formatNumber(entry.position ?? 0) }));
  };

  /** @param {BookableEvent} event */
  async #leave({ id, name }) {
    const entry = this.mine.waiting(id);
    if (entry) await leave(entry, name, this.refresh);
  }

  /** @param {BookableEvent} event */
  #target({ id, name }) {
    const booking = this.mine.live(id);
    if (!booking) throw new Error("a button of a booking that is not there");
    return { booking, name };
  }
}

const LABELS = { book: "event.book.label", wait: "waitlist.join.label", leave: "waitlist.leave.label" };
