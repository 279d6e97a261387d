// @ts-check
/** The waiting lists of `/user`: join one, see one's place, leave; be told when a seat is offered. */
import { joinWaitlist, leaveWaitlist } from "./api.js";
import { showSeats } from "./bookings.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { showWhenAndWhere } from "./event-details.js";
import { formatNumber, t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").WaitlistEntry} WaitlistEntry */

/** @param {WaitlistEntry} entry @returns {string} the place in the line */
export const placeText = ({ position }) => t("waitlist.place", { position: formatNumber(position ?? 0) });

export class Waitlists {
  /** @type {WaitlistEntry[]} those that wait or were offered seats */
  #entries = [];

  /**
   * @param {HTMLElement} list @param {{email: string, name: string}} who
   * @param {() => Promise<void>} refresh
   */
  constructor(list, who, refresh) {
    this.list = list;
    this.who = who;
    this.refresh = refresh;
  }

  /** @param {WaitlistEntry[]} entries as they are now */
  show(entries) {
    const waited = new Set(this.#entries.filter(({ status }) => status === "waiting").map(({ id }) => id));
    for (const { id, status, event_name: name } of entries) {
      if (!waited.has(id)) continue;
      if (status === "offered") tellDone(t("waitlist.offered", { name: name ?? "" }));
      if (status === "expired") tellDone(t("waitlist.ended", { name: name ?? "" }));
    }
    this.#entries = entries;
    this.render();
  }

  render() {
    const waiting = this.#entries.filter(({ status }) => status === "waiting");
    reconcile(this.list, waiting, ({ id }) => id, (entry) => this.#create(entry), (item, entry) => this.#update(item, entry));
  }

  /** @param {number} eventId @returns {WaitlistEntry | undefined} the entry that waits for the event */
  of(eventId) {
    return this.#entries.find(({ event_id, status }) => event_id === eventId && status === "waiting");
  }

  /** @param {number} eventId @param {string} name @param {string} seats as typed */
  async join(eventId, name, seats) {
    try {
      const entry = await joinWaitlist(eventId, { ...this.who, seats: Number(seats) });
      const done = entry.status === "offered" ? "waitlist.offered" : "waitlist.joined";
      tellDone(t(done, { name, position: formatNumber(entry.position ?? 0) }));
    } catch (error) {
      tellError(error);
    }
    await this.refresh();
  }

  /** @param {WaitlistEntry} entry */
  async leave({ id, event_name: name }) {
    try {
      await leaveWaitlist(id);
      tellDone(t("waitlist.left", { name: name ?? "" }));
    } catch (error) {
      tellError(error);
    }
    await this.refresh();
  }

  /** @param {WaitlistEntry} entry */
  #create(entry) {
    const item = stamp("wait");
    const leave = part(item, "leave");
    leave.addEventListener("click", () => whileBusy(leave, () => this.leave(entry)));
    return item;
  }

  /** @param {HTMLElement} item @param {WaitlistEntry} entry */
  #update(item, entry) {
    const name = entry.event_name ?? "";
    setText(part(item, "name"), name);
    showWhenAndWhere(item, entry.event_date ?? "", entry.event_timezone ?? "", entry.event_place ?? null);
    showSeats(item, entry);
    setText(part(item, "waiting"), placeText(entry));
    part(item, "leave").setAttribute("aria-label", t("waitlist.leave.label", { name }));
  }
}
