// @ts-check
/** How full an event is: one bar of what is confirmed, held and free, with who waits behind it; and its numbers in words. */
import { serverNow } from "./clock.js";
import { part, setText } from "./dom.js";
import { formatTime, t, tn } from "./i18n.js";

/** @typedef {import("./api.js").ManagedEvent} ManagedEvent */

const KINDS = /** @type {const} */ (["confirmed", "held", "free", "waiting"]);

/** @param {ManagedEvent} event @returns {Record<typeof KINDS[number], number>} seats; of those who wait, people */
export function occupancy({ total_seats, confirmed_seats, held_seats, waiting }) {
  return {
    confirmed: confirmed_seats,
    held: held_seats,
    free: total_seats - confirmed_seats - held_seats,
    waiting,
  };
}

/** @param {HTMLElement} root holds what `parts/seat-bar.html` has @param {ManagedEvent} event */
export function showSeatBar(root, event) {
  const counts = occupancy(event);
  for (const kind of KINDS) part(root, `bar-${kind}`).style.flexGrow = String(counts[kind]);
  const told = KINDS.filter((kind) => counts[kind] > 0 || kind === "free");
  setText(part(root, "seat-words"), told.map((kind) => tn(`managed.count.${kind}`, counts[kind])).join(" · "));
}

/** @param {ManagedEvent} event @returns {"canceled" | "past" | "closed" | "not_open" | "sold_out" | "open"} */
export function managedState(event) {
  const now = serverNow();
  const date = Date.parse(event.date);
  if (event.canceled_at) return "canceled";
  if (date > Date.parse(event.created_at) && date <= now) return "past";
  if (event.closes_at && Date.parse(event.closes_at) <= now) return "closed";
  if (event.opens_at && Date.parse(event.opens_at) > now) return "not_open";
  return event.available_seats > 0 ? "open" : "sold_out";
}

/** @param {HTMLElement} root gets the state, holds the parts `state` and `draft` @param {ManagedEvent} event */
export function showState(root, event) {
  const state = managedState(event);
  root.dataset.state = state;
  const time = state === "not_open" ? formatTime(event.opens_at ?? "", event.timezone) : "";
  setText(part(root, "state"), t(`managed.state.${state}`, { time }));
  part(root, "draft").hidden = event.published;
}
