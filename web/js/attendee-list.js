// @ts-check
/** Who has booked an event: searched, filtered and paged by the service; what can be done for each unfolds with the row. */
import { createResetLink, getBookingHistory, getEventBookings, resendTicket } from "./api.js";
import { showControls, showSeats, statusText } from "./bookings.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { onSearch } from "./forms.js";
import { formatHour, formatTime, has, t, tn } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./api.js").BookingChange} BookingChange */
/** @typedef {import("./reason-dialog.js").ReasonDialog} ReasonDialog */

const PAGE_SIZE = 50;

export class AttendeeList {
  /** @type {Booking[]} */
  #bookings = [];
  #hasMore = false;
  /** @type {number[]} the last booking of each page before the one that is shown */
  #cursors = [];
  /** Of the newest question: answers to earlier ones are dropped. */
  #turn = 0;
  /** @type {Map<number, {of: string, changes: BookingChange[]}>} what is unfolded, as it was when it was read */
  #histories = new Map();

  /**
   * @param {HTMLElement} root holds the parts `filters`, `found`, `bookings`, `no-bookings`, `pager`, `previous`, `next`
   * @param {number} eventId @param {ReasonDialog} dialog
   */
  constructor(root, eventId, dialog) {
    this.root = root;
    this.eventId = eventId;
    this.dialog = dialog;
    /** @type {HTMLFormElement} */
    this.form = part(root, "filters");
    const asked = new URL(location.href).searchParams;
    for (const name of ["q", "status"]) this.#control(name).value = asked.get(name) ?? "";
    onSearch(this.form, () => this.#search());
    const [previous, next] = [part(root, "previous"), part(root, "next")];
    previous.addEventListener("click", () => whileBusy(previous, () => this.#turnTo(this.#cursors.slice(0, -1))));
    next.addEventListener("click", () => {
      const last = this.#bookings.at(-1);
      return last && whileBusy(next, () => this.#turnTo([...this.#cursors, last.id]));
    });
  }

  /** Read the page that is shown anew, and show it. Raises ApiError. */
  async refresh() {
    const turn = ++this.#turn;
    const after = this.#cursors.at(-1);
    // One more than is shown tells whether there are others.
    const query = { ...this.#wanted(), limit: String(PAGE_SIZE + 1), ...(after && { after: String(after) }) };
    const { items } = await getEventBookings(this.eventId, query);
    if (turn !== this.#turn) return;
    this.#bookings = items.slice(0, PAGE_SIZE);
    this.#hasMore = items.length > PAGE_SIZE;
    this.render();
  }

  render() {
    const isFiltered = Object.keys(this.#wanted()).length > 0;
    reconcile(part(this.root, "bookings"), this.#bookings, ({ id }) => id, ({ id }) => this.#create(id),
      (item, booking) => this.#update(item, booking));
    const empty = part(this.root, "no-bookings");
    empty.hidden = this.#bookings.length > 0;
    setText(empty, t(isFiltered ? "managed.nobody" : "admin.bookings.empty"));
    const count = this.#bookings.length;
    const isPart = this.#hasMore || this.#cursors.length > 0;
    setText(part(this.root, "found"), isPart ? t("managed.page", { page: this.#cursors.length + 1 }) : tn("managed.bookings", count));
    part(this.root, "pager").hidden = !isPart;
    part(this.root, "previous").hidden = this.#cursors.length === 0;
    part(this.root, "next").hidden = !this.#hasMore;
  }

  #search() {
    const address = new URL(location.href);
    for (const name of ["q", "status"]) {
      const value = this.#wanted()[name];
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
    void this.#turnTo([]);
  }

  /** @param {number[]} cursors */
  async #turnTo(cursors) {
    this.#cursors = cursors;
    try {
      await this.refresh();
    } catch (error) {
      tellError(error);
    }
  }

  /** @param {number} id */
  #create(id) {
    const item = stamp("attendee");
    const fold = part(item, "fold");
    fold.addEventListener("toggle", () => fold.open && this.#showHistory(item, this.#booking(id)));
    for (const action of /** @type {const} */ (["confirm", "revive", "cancel"])) {
      part(item, action).addEventListener("click", () => this.dialog.ask(this.#booking(id), action));
    }
    const resend = part(item, "resend");
    resend.addEventListener("click", () => whileBusy(resend, () => sendAgain(this.#booking(id))));
    const link = part(item, "reset-link");
    link.addEventListener("click", () => whileBusy(link, () => showResetLink(this.#booking(id))));
    return item;
  }

  /** @param {HTMLElement} item @param {Booking} booking */
  #update(item, booking) {
    const name = booking.user_name ?? "";
    item.dataset.state = booking.status;
    setText(part(item, "user-name"), name);
    setText(part(item, "user-email"), booking.user_email ?? "");
    showSeats(item, booking);
    setText(part(item, "status"), booking.checked_in_at ? t("managed.is_in") : statusText(booking, false));
    setText(part(item, "booked-at"), t("admin.booked_at", { time: formatTime(booking.created_at) }));
    setText(part(item, "code"), booking.code);
    showControls(item, booking, name);
    part(item, "revive").hidden = booking.cancel_reason !== "expired";
    part(item, "resend").hidden = booking.status !== "confirmed";
    for (const [action, key] of [["revive", "admin.revive"], ["resend", "managed.resend"]]) {
      part(item, action ?? "").setAttribute("aria-label", t(`${key}.label`, { name }));
    }
    part(item, "reset-link").setAttribute("aria-label", t("admin.reset_link.label", { email: booking.user_email ?? "" }));
    if (part(item, "fold").open) void this.#showHistory(item, booking);
  }

  /** Read it once for each state of the booking. @param {HTMLElement} item @param {Booking} booking */
  async #showHistory(item, booking) {
    const of = [booking.status, booking.seats, booking.checked_in_at, booking.canceled_at].join();
    const known = this.#histories.get(booking.id);
    let changes = known?.changes ?? [];
    if (known?.of !== of) {
      try {
        changes = (await getBookingHistory(booking.id)).items;
        this.#histories.set(booking.id, { of, changes });
      } catch (error) {
        tellError(error);
      }
    }
    reconcile(part(item, "history"), changes, ({ id }) => id, () => document.createElement("li"),
      (line, change) => setText(line, changeText(change)));
  }

  /** @param {number} id */
  #booking(id) {
    const booking = this.#bookings.find((candidate) => candidate.id === id);
    if (!booking) throw new Error("a button of a booking that is not there");
    return booking;
  }

  /** @returns {Record<string, string>} */
  #wanted() {
    const [q, status] = ["q", "status"].map((name) => this.#control(name).value.trim());
    return { ...(q && { q }), ...(status && { status }) };
  }

  /** @param {string} name */
  #control(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }
}

/** @param {BookingChange} change */
function changeText({ changed_at, from_status, to_status, reason, seats }) {
  const key = `booking.reason.${reason}`;
  const known = to_status === "canceled" && has(key) ? t(key) : null;
  const what = known ?? (from_status === to_status && reason ? reason : t(`booking.status.${to_status}`));
  const why = reason && what !== reason && !known ? `: ${reason}` : "";
  const howMany = seats > 1 ? `, ${tn("booking.seats", seats)}` : "";
  return `${formatTime(changed_at)} · ${what}${why}${howMany}`;
}

/** @param {Booking} booking */
async function sendAgain({ id, user_name }) {
  try {
    await resendTicket(id);
    tellDone(t("managed.resent", { name: user_name ?? "" }));
  } catch (error) {
    tellError(error);
  }
}

/** @param {Booking} booking of the person who is to get the link */
async function showResetLink({ user_id, user_email }) {
  const dialog = part(document, "reset-link-dialog");
  try {
    const { url, expires_at } = await createResetLink(user_id);
    part(dialog, "url").value = url;
    setText(part(dialog, "text"), t("admin.reset_link.text", { email: user_email ?? "", time: formatHour(expires_at) }));
    dialog.showModal();
    part(dialog, "url").select();
  } catch (error) {
    tellError(error);
  }
}
