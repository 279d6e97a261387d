// @ts-check
/**
 * What changes while a page is looked at: free seats, and the status of one's own bookings, a second after they change.
 *
 *     const live = new Live({ onSeats, onBookings, onLost: () => poller.refresh() });
 *     live.watch({ events: shown.map(({ id }) => id), user: user?.id });   // again whenever the page shows others
 *     const poller = new Poller(load, show, fail, () => live.connected);
 *
 * While the tab is hidden nothing is asked and nothing is sent. Whenever a stream begins, also after a break, the service
 * tells the present state of all that is watched, so nothing is missed. Without streams (a proxy that holds them back, more
 * pages than the service follows) `connected` is false, and asking now and then must do.
 */
import { ApiError, follow } from "./api.js";

/** @typedef {{id: number, available_seats: number, total_seats: number}} Seats */
/** @typedef {{id: number, status: "pending" | "confirmed" | "canceled", seats: number}} BookingStatus */

const MOST_EVENTS = 200;
const MOST_GUEST_BOOKINGS = 2; // a browser has six connections for all tabs of a service
const SILENCE_MS = 40_000;
const SHORTEST_BREAK_MS = 1_000;
const LONGEST_BREAK_MS = 60_000;

export class Live {
  /** @type {Map<string, Channel>} by the path of the stream */
  #channels = new Map();

  /**
   * @param {{onSeats?: (seats: Seats) => void, onBookings?: (newest: BookingStatus[]) => void, onLost?: () => void}} told
   *   `onBookings`: the user's newest bookings, up to 20, newest first; `onLost`: what is shown may be old from now on
   */
  constructor({ onSeats = () => {}, onBookings = () => {}, onLost = () => {} }) {
    this.hear = (/** @type {string} */ name, /** @type {any} */ data) => {
      if (name === "seats") onSeats(data);
      if (name === "bookings") onBookings(data);
      if (name === "booking") onBookings([data]);
    };
    this.onLost = onLost;
    document.addEventListener("visibilitychange", () => this.#channels.forEach((channel) => channel.turn(!document.hidden)));
    window.addEventListener("online", () => this.#channels.forEach((channel) => channel.restart()));
  }

  /** Whether all that is watched is told as it changes. */
  get connected() {
    return this.#channels.size > 0 && [...this.#channels.values()].every(({ connected }) => connected);
  }

  /**
   * @param {{events: number[], user?: number, guestBookings?: import("./api.js").Booking[]}} watched the first 200 of the
   *   events; the bookings of this user; of those that a token opens the first two that live
   */
  watch({ events, user, guestBookings = [] }) {
    const ids = [...new Set(events)].sort((one, other) => one - other).slice(0, MOST_EVENTS);
    const living = guestBookings.filter(({ status }) => status !== "canceled").slice(0, MOST_GUEST_BOOKINGS);
    /** @type {Map<string, string | undefined>} the token by the path */
    const wanted = new Map();
    if (ids.length > 0) wanted.set(`/events/live?ids=${ids.join(",")}`, undefined);
    if (user !== undefined) wanted.set(`/users/${user}/live`, undefined);
    for (const { id, token } of living) wanted.set(`/bookings/${id}/live`, token);
    for (const [path, channel] of this.#channels) {
      if (wanted.has(path)) continue;
      channel.turn(false);
      this.#channels.delete(path);
    }
    for (const [path, token] of wanted) {
      if (this.#channels.has(path)) continue;
      const channel = new Channel(path, token, this.hear, () => this.onLost());
      this.#channels.set(path, channel);
      channel.turn(!document.hidden);
    }
  }
}

/** One stream, opened again when it ends, as long as it is turned on. */
class Channel {
  connected = false;
  /** @type {AbortController | null} */
  #running = null;

  /** @param {string} path @param {string | undefined} token @param {(name: string, data: any) => void} hear @param {() => void} onLost */
  constructor(path, token, hear, onLost) {
    this.path = path;
    this.token = token;
    this.hear = hear;
    this.onLost = onLost;
  }

  /** @param {boolean} on */
  turn(on) {
    if (on === (this.#running !== null)) return;
    if (on) {
      this.#running = new AbortController();
      void this.#run(this.#running.signal);
    } else {
      this.#running?.abort();
      this.#running = null;
      this.connected = false;
    }
  }

  /** Do not wait for the end of a break. */
  restart() {
    if (this.#running === null || this.connected) return;
    this.turn(false);
    this.turn(true);
  }

  /** @param {AbortSignal} stopped */
  async #run(stopped) {
    let pause = SHORTEST_BREAK_MS;
    while (!stopped.aborted) {
      try {
        await this.#follow(stopped);
        pause = SHORTEST_BREAK_MS; // it ended as all streams do in the end
      } catch (error) {
        if (stopped.aborted) return;
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) return;
        pause = this.connected ? SHORTEST_BREAK_MS : Math.min(2 * pause, LONGEST_BREAK_MS);
      } finally {
        this.#lose(stopped);
      }
      // Not all pages at one moment: those that were cut off together would come again together.
      await wait(pause * (0.5 + Math.random() / 2), stopped);
    }
  }

  /** Until the stream ends, or is silent for so long that it must be dead. @param {AbortSignal} stopped */
  async #follow(stopped) {
    const silence = new AbortController();
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => silence.abort(), SILENCE_MS);
    };
    alive();
    try {
      await follow(this.path, this.token, AbortSignal.any([stopped, silence.signal]), alive, (name, data) => {
        this.connected = true;
        this.hear(name, data);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {AbortSignal} stopped */
  #lose(stopped) {
    const lost = this.connected && !stopped.aborted;
    if (!stopped.aborted) this.connected = false;
    if (lost) this.onLost();
  }
}

/** @param {number} ms @param {AbortSignal} stopped @returns {Promise<void>} */
const wait = (ms, stopped) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stopped.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
