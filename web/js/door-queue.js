// @ts-check
/** Scans that found no connection wait here, on the phone, each under a key of its own, until the service has settled them. */
import { ApiError, checkIn } from "./api.js";
import { drop, keep, keptAll } from "./door-storage.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./door-access.js").Door} Door */
/**
 * @typedef {{key: string, at: string, label: string, event_id: number, code?: string, booking_id?: number,
 *   door?: string}} WaitingScan `label`: the code or the name, for people
 * @typedef {WaitingScan & {problem: {status: number, code: string, detail: string, members: Record<string, any>}}} Clash
 *   what the service said when it was asked at last, after the person had been let in
 */

const WAITING = "door.scan.";
const CLASHED = "door.clash.";

/** @param {unknown} error @returns {boolean} whether the same scan may go through a little later */
export function mayPass(error) {
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error;
  return status === 0 || status >= 500 || status === 429 || code === "bad_response" || code === "idempotency_key_in_flight";
}

/** @returns {string} unguessable; `crypto.randomUUID` is not there on pages without HTTPS */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class ScanQueue {
  #isSettling = false;

  /**
   * @param {() => Door} door
   * @param {{onChange: () => void, onClash: (clash: Clash) => void}} listeners
   */
  constructor(door, { onChange, onClash }) {
    this.door = door;
    this.onChange = onChange;
    this.onClash = onClash;
  }

  /** Of this event, oldest first. @returns {WaitingScan[]} */
  get waiting() {
    return this.#kept(WAITING);
  }

  /** @returns {Clash[]} */
  get clashes() {
    return /** @type {Clash[]} */ (this.#kept(CLASHED));
  }

  /** @param {{code?: string, booking_id?: number}} who @returns {WaitingScan | undefined} the same ticket, if it waits */
  find({ code, booking_id }) {
    return this.waiting.find((scan) => (code ? scan.code === code : scan.booking_id === booking_id));
  }

  /**
   * Ask the service; without a connection, keep the scan.
   * @param {{code?: string, booking_id?: number}} who @param {string} label
   * @returns {Promise<Booking | null>} null: it waits. Throws ApiError where the service refused
   */
  async send(who, label) {
    const { event_id, name } = this.door();
    const scan = { ...who, key: newKey(), at: new Date().toISOString(), label, event_id, ...(name && { door: name }) };
    try {
      return await this.#ask(scan);
    } catch (error) {
      if (!mayPass(error)) throw error;
      keep(WAITING + scan.key, scan);
      this.onChange();
      return null;
    }
  }

  /** Ask for all that waits; what is refused by now is a clash. Throws ApiError where the door may not ask any more. */
  async settle() {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      for (const scan of this.waiting) {
        try {
          await this.#ask(scan);
        } catch (error) {
          if (mayPass(error)) return;
          if (!(error instanceof ApiError) || error.status === 401 || error.status === 403) throw error;
          const { status, code, detail, members } = error;
          const clash = { ...scan, problem: { status, code, detail, members } };
          keep(CLASHED + scan.key, clash);
          this.onClash(clash);
        }
        drop(WAITING + scan.key);
        this.onChange();
      }
    } finally {
      this.#isSettling = false;
    }
  }

  /** Somebody has seen to it. @param {Clash} clash */
  dismiss(clash) {
    drop(CLASHED + clash.key);
    this.onChange();
  }

  /** @param {WaitingScan} scan */
  #ask({ key, event_id, code, booking_id, door }) {
    return checkIn({ event_id, code, booking_id, door }, key, this.door().token);
  }

  /** @param {string} prefix @returns {any[]} */
  #kept(prefix) {
    const { event_id } = this.door();
    return keptAll(prefix)
      .filter((scan) => scan.event_id === event_id)
      .sort((one, other) => one.at.localeCompare(other.at) || one.key.localeCompare(other.key));
  }
}
