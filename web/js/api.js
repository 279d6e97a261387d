// @ts-check
/**
 * The HTTP API. Nothing else in these pages calls `fetch`: whatever is not the JSON that was expected,
 * a dead network included, becomes one `ApiError`.
 */
import { observe } from "./clock.js";

/**
 * @typedef {{id: number, email: string, name: string, telegram_id: string | null, role: "user" | "admin",
 *   created_at: string}} User
 * @typedef {{auth_mode: "open" | "required", user: User | null, email_proven?: boolean}} Session
 *   `email_proven`: only of a user with an account
 * @typedef {{id: number, device: string | null, created_at: string, last_seen_at: string, expires_at: string,
 *   current: boolean}} SessionOfUser
 * @typedef {{mail: boolean, message: string}} MailedLink `mail`: mail is sent from here
 * @typedef {{id: number, name: string, date: string, total_seats: number, available_seats: number,
 *   booking_ttl_minutes: number, created_at: string, canceled_at: string | null, description: string | null, place: string | null,
 *   timezone: string, opens_at: string | null, closes_at: string | null, max_seats_per_booking: number,
 *   published: boolean, version: number, no_show_minutes: number | null}} BookableEvent
 * @typedef {BookableEvent & {held_seats: number, confirmed_seats: number, waiting: number}} ManagedEvent
 * @typedef {ManagedEvent & {newest_booking_id: number | null, problems: number}} WatchedEvent
 *   `problems`: how many messages about it are in trouble
 * @typedef {{id: number, booking_id: number, changed_at: string, from_status: Booking["status"] | null,
 *   to_status: Booking["status"], reason: string | null, changed_by: string, seats: number}} BookingChange
 * @typedef {{id: number, event_id: number, user_id: number, status: "pending" | "confirmed" | "canceled",
 *   created_at: string, expires_at: string, confirmed_at: string | null, canceled_at: string | null,
 *   cancel_reason: string | null, seats: number, code: string, checked_in_at: string | null,
 *   checked_in_by: string | null, event_name?: string, event_date?: string,
 *   event_timezone?: string, event_place?: string | null, user_name?: string,
 *   user_email?: string, token?: string}} Booking `token`: of a guest's, or of one that a mail's link opened
 * @typedef {{id: number, event_id: number, user_id: number, seats: number,
 *   status: "waiting" | "offered" | "left" | "expired" | "booked", position: number | null, booking_id: number | null,
 *   created_at: string, event_name?: string, event_date?: string, event_timezone?: string, event_place?: string | null,
 *   user_name?: string, user_email?: string, token?: string, booking_token?: string | null}} WaitlistEntry
 *   `token`: of a guest's; `booking_token`: opens the offer
 * @typedef {{available: boolean, linked: boolean, error: string | null}} TelegramState
 *   `available`: there is a bot; `error`: why it does not reach the chat that is linked
 * @typedef {{url: string, expires_at: string}} TelegramLink
 * @typedef {{channel: "auto" | "telegram" | "mail" | "both", language: "en" | "ru" | null, mail_available: boolean,
 *   mail_error: string | null}} NotificationSettings
 *   `mail_available`: there is a mail server; `mail_error`: why the address takes no mail
 * @typedef {{id: number, user_id: number, booking_id: number | null, event_id: number | null,
 *   channel: "telegram" | "mail", kind: string, state: "waiting" | "sent" | "failed",
 *   attempts: number, last_error: string | null, created_at: string, due_at: string,
 *   user_name?: string, user_email?: string}} Notification
 * @typedef {{enabled: boolean, bot: string | null, mail: boolean, waiting: number, sent: number, failed: number,
 *   oldest_waiting_at: string | null, problems: Notification[]}} Notifications
 * @typedef {{id: number, label: string | null, scope: "admin" | "read" | "door", event_id: number | null,
 *   event_name: string | null, user_id: number | null, user_email: string | null, created_at: string,
 *   last_used_at: string | null, expires_at: string | null, token?: string}} ApiToken
 *   `token`: what opens something, of a new one only
 * @typedef {{in: number, expected: number, missing: number, event_name: string, event_date: string,
 *   event_timezone: string, event_place: string | null}} Attendance seats of confirmed bookings
 * @typedef {{id: number, seats: number, checked_in_at: string | null, checked_in_by: string | null,
 *   user_name: string}} ExpectedBooking
 * @typedef {{event_id: number, code?: string, booking_id?: number, door?: string}} Scan who comes in at which door
 * @typedef {{field: string, message: string}} FieldError
 * @typedef {{booked: number, confirmed: number, lapsed: number, canceled: number, waited: number}} Counts in seats
 * @typedef {{event_id: number, timezone: string, bucket: "hour" | "day", totals: Counts,
 *   buckets: (Counts & {starts_at: string})[]}} Figures
 * @typedef {{line: number, errors: FieldError[], event: Partial<BookableEvent> & {name: string, date: string,
 *   timezone: string, total_seats: number} | null}} ImportedLine
 */

/** @template T @typedef {{items: T[], next: string | null}} Page `next` is the path of the page that follows. */

/** When the newest answer that came was given, if it comes from this browser's memory, without a network. */
let remembered = "";

const TIMEOUT_MS = 15_000;
/** At a door people stand and wait: a scan without an answer is kept and sent again. */
const DOOR_TIMEOUT_MS = 4_000;
const MOST_AT_ONCE = 200;

export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no answer at all
   * @param {string} code the problem's `code`; `network` and `bad_response` are this module's own
   * @param {string} detail
   * @param {FieldError[]} errors
   * @param {Record<string, any>} members what else the problem tells
   */
  constructor(status, code, detail, errors = [], members = {}) {
    super(detail || code);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.members = members;
  }
}

/** @returns {string | null} of when what is shown is, as ISO 8601; null: of now */
export const rememberedSince = () => (remembered ? new Date(remembered).toISOString() : null);

export const getSession = () => one("GET", "/session");

/** @param {{email: string, password?: string, name?: string}} who */
export const signIn = (who) => one("POST", "/session", who);

export const signOut = () => call("DELETE", "/session");

/** @param {{email: string, name: string, password: string}} user */
export const register = (user) => one("POST", "/users", user);

/** @param {{old_password: string, password: string}} passwords */
export const changePassword = (passwords) => call("PUT", "/session/password", passwords);

/** @param {number} userId @returns {Promise<Page<SessionOfUser>>} newest first */
export const getSessions = (userId) => page(`/users/${userId}/sessions`);

/** @param {number} userId @param {number} sessionId */
export const endSession = (userId, sessionId) => call("DELETE", `/users/${userId}/sessions/${sessionId}`);

/** @param {number} userId */
export const endSessions = (userId) => call("DELETE", `/users/${userId}/sessions`);

/** @param {number} userId */
export const eraseUser = (userId) => call("DELETE", `/users/${userId}`);

/** @param {string} email @returns {Promise<MailedLink>} */
export const requestPasswordReset = (email) => one("POST", "/password-reset", { email });

/** @param {string} token @param {string} password */
export const resetPassword = (token, password) => call("PUT", `/password-reset/${token}`, { password });

/** @param {number} userId @returns {Promise<{url: string, expires_at: string}>} to be handed over */
export const createResetLink = (userId) => one("POST", `/users/${userId}/reset-link`);

/** @param {number} userId @returns {Promise<MailedLink>} */
export const requestEmailProof = (userId) => one("POST", `/users/${userId}/email-proof`);

/** @param {string} token */
export const proveEmail = (token) => call("PUT", `/email-proof/${token}`);

/** @param {Record<string, unknown>} event @returns {Promise<BookableEvent>} */
export const createEvent = (event) => one("POST", "/events", event);

/**
 * Create the events of a file; a dry run only looks at each line.
 * @param {File} file iCalendar if its name says so, else CSV @param {boolean} dryRun
 * @param {string} totalSeats of each event of which the file does not say it; may be empty
 * @returns {Promise<{lines: ImportedLine[]}>}
 */
export function importEvents(file, dryRun, totalSeats) {
  const type = /\.ics$/i.test(file.name) ? "text/calendar" : "text/csv";
  const query = new URLSearchParams({ dry_run: dryRun ? "1" : "0", ...(totalSeats && { total_seats: totalSeats }) });
  return one("POST", `/events/import?${query}`, file, { "Content-Type": type });
}

/** @param {number} eventId @returns {Promise<Figures>} */
export const getEventFigures = (eventId) => one("GET", `/events/${eventId}/figures`);

/** @param {Record<string, string>} query @returns {Promise<{total: number, events: ManagedEvent[]}>} */
export const getManagedEvents = (query) => watch(`/events/overview?${new URLSearchParams(query)}`);

/** @param {number} eventId @returns {Promise<WatchedEvent>} */
export const getManagedEvent = (eventId) => watch(`/events/${eventId}/overview`);

/** @param {number} eventId @returns {Promise<Page<Notification>>} the newest first */
export const getEventProblems = (eventId) => page(`/events/${eventId}/problems`);

/** @param {number} eventId @returns {Promise<BookableEvent>} */
export const getEvent = (eventId) => one("GET", `/events/${eventId}`);

/**
 * @param {BookableEvent} event as it was read: if somebody else has edited it since, nothing is changed
 * @param {Record<string, unknown>} changes @returns {Promise<BookableEvent>}
 */
export const changeEvent = async ({ id, version }, changes) =>
  (await call("PATCH", `/events/${id}`, changes, { "If-Match": `"${version}-"` })).data;

/** @param {number} eventId @param {string[]} dates @returns {Promise<BookableEvent[]>} the same event on each */
export const copyEvent = async (eventId, dates) => (await call("POST", `/events/${eventId}/copies`, { dates })).data;

/** @param {number} eventId @param {string} [reason] told to those who booked @returns {Promise<BookableEvent>} */
export const cancelEvent = (eventId, reason) => one("POST", `/events/${eventId}/cancel`, { reason });

/** @param {Record<string, string>} query @param {number} wanted @returns {Promise<Page<BookableEvent>>} by date */
export const getEvents = (query, wanted) => atLeast("/events", query, wanted);

/** @param {number} eventId @param {{email: string, name?: string, seats?: number}} who @returns {Promise<Booking>} */
export const book = (eventId, who) => one("POST", `/events/${eventId}/book`, who);

/** @param {number} bookingId @param {string} token @returns {Promise<Booking>} */
export const getBooking = (bookingId, token) => one("GET", `/bookings/${bookingId}`, undefined, bearer(token));

/**
 * @param {string} bookingId @param {string | undefined} token @param {string} language if its user has chosen none
 * @returns {Promise<string>} HTML
 */
export const getTicket = async (bookingId, token, language) =>
  (await send("GET", `/bookings/${bookingId}/ticket`, undefined, {
    Accept: "application/json, text/html;q=0.9", // problems are told in JSON to whoever likes it better
    "Accept-Language": language,
    ...bearer(token),
  })).text;

/** @param {string} bookingId @param {string} token @returns {Promise<Blob>} for a calendar */
export const getCalendarEntry = async (bookingId, token) => {
  const { text } = await send("GET", `/bookings/${bookingId}/ticket.ics`, undefined, bearer(token));
  return new Blob([text], { type: "text/calendar" });
};

/** @param {Booking} booking @returns {Promise<Booking>} */
export const confirmBooking = ({ id, token }) => one("POST", `/bookings/${id}/confirm`, undefined, bearer(token));

/** @param {Booking} booking @returns {Promise<Booking>} */
export const cancelBooking = ({ id, token }) => one("POST", `/bookings/${id}/cancel`, undefined, bearer(token));

/** @param {Booking} booking @param {number} seats @returns {Promise<Booking>} */
export const changeSeats = ({ id, token }, seats) => one("PATCH", `/bookings/${id}`, { seats }, bearer(token));

/**
 * For somebody else, as an admin.
 * @param {number} bookingId @param {"confirm" | "cancel" | "revive"} action `revive`: after its hold had lapsed, if seats are free
 * @param {string} [reason] for its history @returns {Promise<Booking>}
 */
export const actFor = (bookingId, action, reason) => one("POST", `/bookings/${bookingId}/${action}`, { reason });

/** @param {number} bookingId its person gets the ticket once more */
export const resendTicket = (bookingId) => call("POST", `/bookings/${bookingId}/resend`);

/** @param {number} bookingId @returns {Promise<Page<BookingChange>>} the oldest first */
export const getBookingHistory = (bookingId) => page(`/bookings/${bookingId}/history`);

/** @param {number} eventId @param {{email: string, name?: string, seats?: number}} who @returns {Promise<WaitlistEntry>} */
export const joinWaitlist = (eventId, who) => one("POST", `/events/${eventId}/waitlist`, who);

/** @param {number} entryId @param {string} token @returns {Promise<WaitlistEntry>} */
export const getWaitlistEntry = (entryId, token) => one("GET", `/waitlist/${entryId}`, undefined, bearer(token));

/** @param {WaitlistEntry} entry */
export const leaveWaitlist = ({ id, token }) => call("DELETE", `/waitlist/${id}`, undefined, bearer(token));

/** @param {number} userId @returns {Promise<Page<WaitlistEntry>>} newest first */
export const getUserWaitlist = (userId) => page(`/users/${userId}/waitlist`);

/** @param {number} eventId @returns {Promise<Page<WaitlistEntry>>} the beginning of the line */
export const getEventWaitlist = (eventId) => page(`/events/${eventId}/waitlist?limit=${MOST_AT_ONCE}`);

/** @param {number} userId @returns {Promise<Page<Booking>>} the newest */
export const getUserBookings = (userId) => page(`/users/${userId}/bookings?limit=${MOST_AT_ONCE}`);

/** @param {number} userId @returns {Promise<{url: string}>} of the user's calendar, for programs */
export const getCalendar = (userId) => one("GET", `/users/${userId}/calendar`);

/** @param {number} userId @returns {Promise<{url: string}>} a new one, which ends the one before */
export const renewCalendar = (userId) => one("POST", `/users/${userId}/calendar`);

/** @param {number} userId @returns {Promise<TelegramState>} */
export const getTelegram = (userId) => one("GET", `/users/${userId}/telegram`);

/** @param {number} userId @returns {Promise<TelegramLink>} to be opened once by the user */
export const offerTelegramLink = (userId) => one("POST", `/users/${userId}/telegram-link`);

/** @param {number} userId */
export const unlinkTelegram = (userId) => call("DELETE", `/users/${userId}/telegram`);

/** @param {number} userId @returns {Promise<NotificationSettings>} */
export const getNotificationSettings = (userId) => one("GET", `/users/${userId}/notifications`);

/** @param {number} userId @param {{channel: string, language: string}} chosen @returns {Promise<NotificationSettings>} */
export const chooseNotifications = (userId, chosen) => one("PUT", `/users/${userId}/notifications`, chosen);

/** @param {number} userId @param {string} token as a mail's link has it */
export const unsubscribe = (userId, token) =>
  call("POST", `/users/${userId}/unsubscribe?${new URLSearchParams({ token })}`);

/** @returns {Promise<Page<ApiToken>>} newest first */
export const getTokens = () => page("/tokens");

/**
 * @param {{scope: string, event_id?: number, label?: string, expires_in_days?: number}} token
 * @returns {Promise<ApiToken>} with what opens something, this once
 */
export const createToken = (token) => one("POST", "/tokens", token);

/** @param {number} tokenId */
export const revokeToken = (tokenId) => call("DELETE", `/tokens/${tokenId}`);

/**
 * @param {Scan} scan @param {string} key the same each time the scan is sent, so that it counts once
 * @param {string} [token] of the door; without one, the session says who calls
 * @returns {Promise<Booking>} with `user_name`
 */
export const checkIn = async (scan, key, token) =>
  (await call("POST", "/check-in", scan, { "Idempotency-Key": key, ...bearer(token) }, DOOR_TIMEOUT_MS)).data;

/** @param {number} bookingId @returns {Promise<Booking>} */
export const undoCheckIn = (bookingId) => one("DELETE", `/bookings/${bookingId}/check-in`);

/** @param {number} eventId @param {string} [token] of the door @returns {Promise<Attendance>} */
export const getAttendance = (eventId, token) =>
  one("GET", `/events/${eventId}/attendance`, undefined, bearer(token), DOOR_TIMEOUT_MS);

/** @param {number} eventId @param {string} name words of it @param {string} [token] of the door @returns {Promise<ExpectedBooking[]>} */
export async function getExpected(eventId, name, token) {
  const path = `/events/${eventId}/door?${new URLSearchParams({ q: name })}`;
  const { data, response } = await call("GET", path, undefined, bearer(token), DOOR_TIMEOUT_MS);
  if (!Array.isArray(data)) throw badResponse(response);
  return data;
}

/** @returns {Promise<Notifications>} */
export const getNotifications = () => one("GET", "/notifications");

/** @param {number} id @returns {Promise<Notification>} */
export const retryNotification = (id) => one("POST", `/notifications/${id}/retry`);

/**
 * Follow a stream of server-sent events until it ends. Unlike an EventSource this tells why the service refuses one.
 * @param {string} path @param {string | undefined} token of a booking @param {AbortSignal} signal
 * @param {() => void} alive called for whatever comes
 * @param {(name: string, data: any) => void} hear called for each event
 */
export async function follow(path, token, signal, alive, hear) {
  try {
    const headers = { Accept: "text/event-stream", ...bearer(token) };
    const response = await fetch(path, { headers, cache: "no-store", credentials: "same-origin", signal });
    if (!response.ok || !response.body) throw problem(response, parse(await response.text()));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      alive();
      const blocks = (text + piece.value).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, name, data] = block.match(/^event: (.*)\ndata: (.*)$/) ?? [];
        if (name !== undefined && data !== undefined) hear(name, parse(data));
      }
    }
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0, "network", String(error));
  }
}

/** @param {number} eventId @param {Record<string, string>} query @returns {Promise<Page<Booking>>} the newest first */
export const getEventBookings = (eventId, query) => page(`/events/${eventId}/bookings?${new URLSearchParams(query)}`);

/** @type {{path: string, etag: string, data: any} | null} */
let watched = null;

/**
 * What a page looks at again and again: an answer is sent only if it is another than the last one.
 * @param {string} path @returns {Promise<any>} the same object as before if nothing is different
 */
async function watch(path) {
  const known = watched?.path === path ? watched : null;
  const { text, response } = await send("GET", path, undefined, known ? { "If-None-Match": known.etag } : undefined);
  if (known && response.status === 304) return known.data;
  const data = parse(text);
  if (data === undefined) throw badResponse(response);
  watched = { path, etag: response.headers.get("ETag") ?? "", data };
  return data;
}

/** @param {string} path as an earlier page's `next` named it @returns {Promise<Page<any>>} */
export async function page(path) {
  const { data, response } = await call("GET", path);
  if (!Array.isArray(data)) throw badResponse(response);
  return { items: data, next: nextPath(response.headers.get("Link")) };
}

/**
 * The first `wanted` items of a list and the rest of the page that the last of them is on.
 * @param {string} path @param {Record<string, string>} query @param {number} wanted @returns {Promise<Page<any>>}
 */
async function atLeast(path, query, wanted) {
  const limit = String(Math.min(wanted, MOST_AT_ONCE));
  let { items, next } = await page(`${path}?${new URLSearchParams({ ...query, limit })}`);
  while (next !== null && items.length < wanted) {
    const further = await page(next);
    items = [...items, ...further.items];
    next = further.next;
  }
  return { items, next };
}

/**
 * @param {string} method @param {string} path @param {object} [body] @param {Record<string, string>} [more] headers
 * @param {number} [timeout] in milliseconds @returns {Promise<any>}
 */
async function one(method, path, body, more, timeout) {
  const { data, response } = await call(method, path, body, more, timeout);
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw badResponse(response);
  return data;
}

/**
 * @param {string} method @param {string} path @param {object} [body] JSON, or a file whose type `more` tells
 * @param {Record<string, string>} [more] headers @param {number} [timeout] in milliseconds
 */
async function call(method, path, body, more, timeout) {
  const { text, response } = await send(method, path, body, more, timeout);
  if (response.status === 204) return { data: null, response };
  const data = parse(text);
  if (data === undefined) throw badResponse(response);
  return { data, response };
}

/**
 * Whatever the answer is, as text.
 * @param {string} method @param {string} path @param {object} [body] @param {Record<string, string>} [more] headers
 * @param {number} [timeout] in milliseconds
 */
async function send(method, path, body, more, timeout = TIMEOUT_MS) {
  const sentAt = performance.now();
  /** @type {Response} */
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }), ...more },
      body: body instanceof Blob ? body : body && JSON.stringify(body),
      cache: "no-cache",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
    });
    remembered = response.headers.get("X-As-Of") ?? "";
    if (!remembered) observe(response.headers.get("Date"), sentAt, performance.now());
    text = await response.text();
  } catch (error) {
    throw new ApiError(0, "network", String(error));
  }
  if (!response.ok && response.status !== 304) throw problem(response, parse(text));
  return { text, response };
}

/** @param {string} [token] of a booking; without one, the session says who calls */
function bearer(token) {
  return token === undefined ? undefined : { Authorization: `Bearer ${token}` };
}

/** @param {string} text @returns {any} undefined when it is not JSON */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {Response} response @param {any} data @returns {ApiError} */
function problem(response, data) {
  if (typeof data?.code !== "string") return badResponse(response);
  const errors = Array.isArray(data.errors) ? data.errors : [];
  return new ApiError(response.status, data.code, String(data.detail ?? data.title ?? ""), errors, data);
}

/** @param {Response} response */
function badResponse(response) {
  const code = response.status === 503 ? "database_away" : "bad_response";
  return new ApiError(response.status, code, `${response.status} ${response.statusText}`.trim());
}

/** @param {string | null} link the `Link` header; only its path is used, so a proxy's idea of the host is no matter */
function nextPath(link) {
  const target = link?.match(/<([^>]*)>\s*;[^,<]*\brel="?next"?/)?.[1];
  if (target === undefined) return null;
  const url = new URL(target, location.href);
  return url.pathname + url.search;
}
