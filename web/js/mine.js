// @ts-check
/** The reader's own bookings and places in line, with an account or without: as they are now, and what has become of them. */
import { getUserBookings, getUserWaitlist } from "./api.js";
import { serverNow } from "./clock.js";
import { t } from "./i18n.js";
import { loadKeptBookings, loadKeptWaits } from "./kept.js";
import { tellDone } from "./notices.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./api.js").User} User */
/** @typedef {import("./api.js").WaitlistEntry} WaitlistEntry */

const RECENTLY_MS = 3_600_000;

export class Mine {
  /** @type {Booking[]} the user's, newest first, then those that only this browser knows, which have a token */
  bookings = [];
  /** @type {WaitlistEntry[]} */
  waits = [];
  /** Whether it is known what there is. */
  isLoaded = false;

  /** @param {User | null} user null: of a guest, whose tokens this browser keeps */
  constructor(user) {
    this.user = user;
  }

  /** @returns {Promise<{bookings: Booking[], waits: WaitlistEntry[]}>} */
  async load() {
    const none = { items: [] };
    // An offer that a place in line turns into is one of the bookings.
    const [waits, keptWaits] = await Promise.all([this.user ? getUserWaitlist(this.user.id) : none, loadKeptWaits()]);
    const [own, kept] = await Promise.all([this.user ? getUserBookings(this.user.id) : none, loadKeptBookings()]);
    const known = new Set(own.items.map(({ id }) => id));
    return {
      bookings: [...own.items, ...kept.filter(({ id }) => !known.has(id))],
      waits: [...waits.items, ...keptWaits],
    };
  }

  /** @param {Awaited<ReturnType<Mine["load"]>>} loaded */
  show({ bookings, waits }) {
    const lapsed = bookings.find((booking) => this.#held(booking) && booking.cancel_reason === "expired");
    if (lapsed) tellDone(t("booking.done.expired", { name: lapsed.event_name ?? "" }));
    const waited = new Set(this.waits.filter(({ status }) => status === "waiting").map(({ id }) => id));
    for (const { id, status, event_name: name } of waits) {
      if (!waited.has(id)) continue;
      if (status === "offered") tellDone(t("waitlist.offered", { name: name ?? "" }));
      if (status === "expired") tellDone(t("waitlist.ended", { name: name ?? "" }));
    }
    this.bookings = bookings;
    this.waits = waits;
    this.isLoaded = true;
  }

  /** @param {import("./live.js").BookingStatus[]} bookings @returns {boolean} whether they are as was known already */
  knows(bookings) {
    return bookings.every(({ id, status, seats }) =>
      this.bookings.some((booking) => booking.id === id && booking.status === status && booking.seats === seats));
  }

  /** @param {number} eventId @returns {Booking | undefined} the one that stands */
  live(eventId) {
    return this.bookings.find(({ event_id, status }) => event_id === eventId && status !== "canceled");
  }

  /** @param {number} eventId @returns {WaitlistEntry | undefined} */
  waiting(eventId) {
    return this.waits.find(({ event_id, status }) => event_id === eventId && status === "waiting");
  }

  /** @param {number} eventId @returns {Booking | undefined} the hold that ran out lately, if nothing has taken its place */
  lapsed(eventId) {
    const latest = this.bookings.filter(({ event_id }) => event_id === eventId).sort((a, b) => b.id - a.id)[0];
    return latest && isJustLapsed(latest) ? latest : undefined;
  }

  /** @returns {Booking | undefined} the hold that ends first */
  get urgent() {
    const held = this.bookings.filter(({ status }) => status === "pending");
    return held.sort((a, b) => Date.parse(a.expires_at) - Date.parse(b.expires_at))[0];
  }

  /** @param {Booking} booking @returns {boolean} whether it was a hold when this was last looked at */
  #held({ id }) {
    return this.bookings.some((booking) => booking.id === id && booking.status === "pending");
  }
}

/** @param {Booking} booking */
const isJustLapsed = ({ cancel_reason, canceled_at }) =>
  cancel_reason === "expired" && serverNow() - Date.parse(canceled_at ?? "") < RECENTLY_MS;
