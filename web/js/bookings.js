// @ts-check
/** A booking on the page: what it is, why, how long it still holds, and what can be done with it. */
import { cancelBooking, confirmBooking } from "./api.js";
import { formatLeft } from "./countdown.js";
import { until } from "./clock.js";
import { part, setText, whileBusy } from "./dom.js";
import { has, t, tn } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").Booking} Booking */

/** @param {Booking} booking @param {boolean} mine whether its user is reading @returns {string} the status, and why */
export function statusText(booking, mine) {
  const reason = booking.status === "canceled" ? booking.cancel_reason : null;
  if (reason === null) return t(`booking.status.${booking.status}`);
  const key = mine && reason === "user" ? "booking.reason.user.mine" : `booking.reason.${reason}`;
  return t(has(key) ? key : "booking.reason.other", { reason });
}

/** @param {HTMLElement} root holds the part `seats`, which is shown of more than one seat @param {{seats: number}} booking */
export function showSeats(root, { seats }) {
  part(root, "seats").hidden = seats === 1;
  setText(part(root, "seats"), tn("booking.seats", seats));
}

/**
 * @param {HTMLElement} root holds the parts `ticket` and `calendar`, which lead to the ticket of a confirmed booking; a
 *   booking that a token opens has its calendar entry there
 * @param {Booking} booking @param {string} name tells apart links that otherwise read the same
 */
export function showTicketLinks(root, { id, status, token }, name) {
  const [ticket, calendar] = [part(root, "ticket"), part(root, "calendar")];
  ticket.hidden = status !== "confirmed";
  ticket.href = `/ticket#booking=${id}${token === undefined ? "" : `&token=${token}`}`;
  ticket.setAttribute("aria-label", t("booking.ticket.label", { name }));
  calendar.hidden = ticket.hidden || token !== undefined;
  calendar.href = `/bookings/${id}/ticket.ics`;
  calendar.setAttribute("aria-label", t("booking.calendar.label", { name }));
}

/**
 * Show the countdown and the buttons that this booking still needs; without a booking, none.
 * @param {HTMLElement} root holds the parts `hold`, `countdown`, `confirm` and `cancel`
 * @param {Booking | undefined} booking @param {string} name tells apart buttons that otherwise read the same
 */
export function showControls(root, booking, name) {
  const pending = booking?.status === "pending";
  const live = pending || booking?.status === "confirmed";
  part(root, "hold").hidden = !pending;
  part(root, "confirm").hidden = !pending;
  part(root, "cancel").hidden = !live;
  for (const action of ["confirm", "cancel"]) {
    part(root, action).setAttribute("aria-label", t(`booking.${action}.label`, { name }));
  }
  const countdown = part(root, "countdown");
  if (booking && pending) {
    countdown.dataset.expires = booking.expires_at;
    countdown.dataset.name = name;
    countdown.dateTime = booking.expires_at;
    setText(countdown, formatLeft(until(booking.expires_at)));
  } else {
    delete countdown.dataset.expires;
    delete countdown.dataset.state;
  }
}

/**
 * Wire the two buttons, once for each element that `showControls` keeps up to date.
 * @param {HTMLElement} root @param {() => {booking: Booking, name: string}} current what the element stands for now
 * @param {() => Promise<void>} refresh
 */
export function wireControls(root, current, refresh) {
  const cancel = part(root, "cancel");
  const confirm = wireConfirm(root, current, refresh, [cancel]);
  cancel.addEventListener("click", () =>
    whileBusy(cancel, async () => {
      const { booking, name } = current();
      if (booking.status === "confirmed" && !(await agreesToCancel(name))) return;
      await act("canceled", { booking, name }, refresh);
    }, [confirm]));
}

/**
 * @param {HTMLElement} root @param {() => {booking: Booking, name: string}} current @param {() => Promise<void>} refresh
 * @param {HTMLButtonElement[]} others that must not be pressed meanwhile @returns {HTMLButtonElement}
 */
export function wireConfirm(root, current, refresh, others = []) {
  const confirm = part(root, "confirm");
  confirm.addEventListener("click", () => whileBusy(confirm, () => act("confirmed", current(), refresh), others));
  return confirm;
}

/**
 * @param {"confirmed" | "canceled"} wanted @param {{booking: Booking, name: string}} target
 * @param {() => Promise<void>} refresh
 */
async function act(wanted, { booking, name }, refresh) {
  try {
    await (wanted === "confirmed" ? confirmBooking : cancelBooking)(booking);
    tellDone(t(`booking.done.${wanted}`, { name }));
  } catch (error) {
    tellError(error);
  }
  await refresh();
}

/**
 * A confirmed seat is not given up by a slip of the finger.
 * @param {string} name @returns {Promise<boolean>}
 */
function agreesToCancel(name) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("ask-cancel"));
  part(dialog, "text").textContent = t("booking.ask.text", { name });
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
