// @ts-check
/**
 * Bookings that a link in a mail opens, `/user#booking=ID&token=…`, without signing in. They are kept in this browser, so
 * that a guest finds them again.
 */
import { ApiError, getBooking, getEvent } from "./api.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {{id: number, token: string}} Kept */

const STORED_AS = "eventbooker.bookings";
const MOST = 20;
const LINK = /^#(booking|unsubscribe)=(\d{1,19})&token=([\w-]+)$/;

/**
 * Read the link that opened the page and take it out of the address, so that its token stays in no history.
 * @returns {{purpose: "booking" | "unsubscribe", id: number, token: string} | null}
 */
export function takeMailedLink() {
  window.addEventListener("hashchange", () => LINK.test(location.hash) && location.reload());
  const found = location.hash.match(LINK);
  if (!found) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return { purpose: /** @type {"booking" | "unsubscribe"} */ (found[1]), id: Number(found[2]), token: found[3] };
}

/** @param {Kept} opened */
export function keepBooking({ id, token }) {
  write([{ id, token }, ...read().filter((kept) => kept.id !== id)].slice(0, MOST));
}

/** The bookings that are kept, each with its event and its token. @returns {Promise<Booking[]>} the latest opened first */
export async function loadKeptBookings() {
  const found = await Promise.all(read().map(load));
  return found.filter((booking) => booking !== null);
}

/** @param {Kept} kept @returns {Promise<Booking | null>} null where the token opens nothing any more, now forgotten */
async function load({ id, token }) {
  try {
    const booking = await getBooking(id, token);
    const { name, date, timezone, place } = await getEvent(booking.event_id);
    return { ...booking, token, event_name: name, event_date: date, event_timezone: timezone, event_place: place };
  } catch (error) {
    if (!(error instanceof ApiError) || ![401, 403, 404].includes(error.status)) throw error;
    write(read().filter((kept) => kept.id !== id));
    return null;
  }
}

/** @returns {Kept[]} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED_AS) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ id, token }) => Number.isInteger(id) && typeof token === "string") : [];
  } catch {
    return [];
  }
}

/** @param {Kept[]} kept */
function write(kept) {
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(kept));
  } catch {
    // Nothing can be kept in this browser: the link in the mail opens the booking again.
  }
}
