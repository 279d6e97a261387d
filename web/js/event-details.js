// @ts-check
/** What organisers say of an event: when, by which clock, where, what it is, from when to when it can be booked. */
import { serverNow } from "./clock.js";
import { part, setText } from "./dom.js";
import { formatHour, formatTime, t } from "./i18n.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */

const URL_IN_TEXT = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]/g;

/**
 * Date and place; the reader's own time where the clock of the place differs.
 * @param {HTMLElement} root holds the parts `date`, `your-time` and `place`
 * @param {string} time ISO 8601 @param {string} zone @param {string | null} place
 * @param {boolean} underDay whether the day is told already
 */
export function showWhenAndWhere(root, time, zone, place, underDay = false) {
  const date = part(root, "date");
  date.dateTime = time;
  const there = formatTime(time, zone);
  const here = formatTime(time);
  setText(date, underDay ? formatHour(time, zone) : there);
  part(root, "your-time").hidden = there === here;
  setText(part(root, "your-time"), there === here ? "" : t("event.your_time", { time: here }));
  part(root, "place").hidden = !place;
  setText(part(root, "place"), place ?? "");
}

/** @param {HTMLElement} card holds the parts `description` and `booking-times` @param {BookableEvent} event */
export function showDetails(card, event) {
  const description = part(card, "description");
  description.hidden = !event.description;
  const text = event.description ?? "";
  if (description.dataset.shown !== text) description.replaceChildren(...linked(text));
  description.dataset.shown = text;
  const times = bookingTimes(event);
  part(card, "booking-times").hidden = times === "";
  setText(part(card, "booking-times"), times);
}

/** @param {BookableEvent} event @returns {string} empty where there is nothing to say */
function bookingTimes({ opens_at, closes_at, timezone }) {
  const told = [];
  if (opens_at && Date.parse(opens_at) > serverNow()) {
    told.push(t("event.opens", { time: formatTime(opens_at, timezone) }));
  }
  if (closes_at) {
    const key = Date.parse(closes_at) > serverNow() ? "event.closes" : "event.closed";
    told.push(t(key, { time: formatTime(closes_at, timezone) }));
  }
  return told.join(" ");
}

/** @param {string} text @returns {Node[]} the text, with a link for each address of a web page in it */
function linked(text) {
  /** @type {Node[]} */
  const nodes = [];
  let from = 0;
  for (const { 0: url, index } of text.matchAll(URL_IN_TEXT)) {
    nodes.push(document.createTextNode(text.slice(from, index)));
    const link = document.createElement("a");
    link.href = url;
    link.rel = "noopener noreferrer nofollow";
    link.target = "_blank";
    link.textContent = url;
    nodes.push(link);
    from = index + url.length;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}
