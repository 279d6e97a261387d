// @ts-check
/**
 * What this browser keeps for somebody without an account: the tokens of their bookings and places in line, and who they said
 * they are. A booking comes here when it is made, or by the link in a mail, `/user#booking=ID&token=…`.
 */
import { ApiError, getBooking, getEvent, getWaitlistEntry } from "./api.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {import("./api.js").WaitlistEntry} WaitlistEntry */
/** @typedef {{id: number, token: string}} Kept */
/** @typedef {"bookings" | "waits"} Kind */

const MOST = 20;
const LINK = /^#(booking|unsubscribe)=(\d{1,19})&token=([\w-]+)$/;

/** What can change no more, and the events, which seldom do: asked for once. @type {Map<number, Booking>} */
const ended = new Map();
/** @type {Map<number, Promise<BookableEvent>>} */
const events = new Map();

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

/** @param {Kind} kind @param {Kept} opened */
export function keep(kind, { id, token }) {
  write(kind, [{ id, token }, ...read(kind).filter((kept) => kept.id !== id)].slice(0, MOST));
}

/** @returns {{email?: string, name?: string}} who booked here last without an account */
export function knownGuest() {
  const known = parse("guest");
  return typeof known?.email === "string" ? { email: known.email, name: known.name } : {};
}

/** @param {{email?: string, name?: string}} guest */
export const rememberGuest = ({ email, name }) => store("guest", { email, name });

/** The bookings that are kept, each with its event and its token. @returns {Promise<Booking[]>} the latest opened first */
export async function loadKeptBookings() {
  const found = await Promise.all(read("bookings").map(loadBooking));
  return found.filter((booking) => booking !== null);
}

/** Those who wait; what was offered to them is kept as a booking. @returns {Promise<WaitlistEntry[]>} */
export async function loadKeptWaits() {
  const found = await Promise.all(read("waits").map(loadWait));
  return found.filter((entry) => entry !== null);
}

/** Call `listener` when another page of this browser keeps something. @param {() => void} listener */
export const onKeptElsewhere = (listener) =>
  window.addEventListener("storage", ({ key }) => key?.startsWith("eventbooker.") && listener());

/** @param {Kept} kept @returns {Promise<Booking | null>} null where the token opens nothing any more, now forgotten */
function loadBooking({ id, token }) {
  return unlessForgotten("bookings", id, async () => {
    const known = ended.get(id);
    if (known) return known;
    const booking = { ...(await getBooking(id, token)), token };
    const told = { ...booking, ...(await aboutEvent(booking.event_id)) };
    if (booking.status === "canceled") ended.set(id, told);
    return told;
  });
}

/** @param {Kept} kept @returns {Promise<WaitlistEntry | null>} */
function loadWait({ id, token }) {
  return unlessForgotten("waits", id, async () => {
    const entry = { ...(await getWaitlistEntry(id, token)), token };
    if (entry.booking_id && entry.booking_token) keep("bookings", { id: entry.booking_id, token: entry.booking_token });
    if (entry.status !== "waiting") forget("waits", id);
    return { ...entry, ...(await aboutEvent(entry.event_id)) };
  });
}

/** @param {number} eventId */
async function aboutEvent(eventId) {
  const asked = events.get(eventId) ?? getEvent(eventId);
  events.set(eventId, asked);
  try {
    const { name, date, timezone, place } = await asked;
    return { event_name: name, event_date: date, event_timezone: timezone, event_place: place };
  } catch (error) {
    events.delete(eventId);
    throw error;
  }
}

/** @template T @param {Kind} kind @param {number} id @param {() => Promise<T>} load @returns {Promise<T | null>} */
async function unlessForgotten(kind, id, load) {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof ApiError) || ![401, 403, 404].includes(error.status)) throw error;
    forget(kind, id);
    return null;
  }
}

/** @param {Kind} kind @param {number} id */
const forget = (kind, id) => write(kind, read(kind).filter((kept) => kept.id !== id));

/** @param {Kind} kind @returns {Kept[]} */
function read(kind) {
  const kept = parse(kind);
  return Array.isArray(kept) ? kept.filter(({ id, token }) => Number.isInteger(id) && typeof token === "string") : [];
}

/** @param {Kind} kind @param {Kept[]} kept */
const write = (kind, kept) => store(kind, kept);

/** @param {string} name @returns {any} null where nothing is kept, or nothing that we wrote */
function parse(name) {
  try {
    return JSON.parse(localStorage.getItem(`eventbooker.${name}`) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value */
function store(name, value) {
  try {
    localStorage.setItem(`eventbooker.${name}`, JSON.stringify(value));
  } catch {
    // Nothing can be kept in this browser: the link in the mail opens the booking again.
  }
}
