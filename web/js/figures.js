// @ts-check
/** How an event filled: lines in a drawing of our own, and the same in a table. */
import { getEventFigures } from "./api.js";
import { part, setText } from "./dom.js";
import { formatDay, formatHour, formatNumber, formatTime, t } from "./i18n.js";
import { tellError } from "./notices.js";

/** @typedef {import("./api.js").Figures} Figures */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, MARGIN] = [600, 180, 4];
const SERIES = /** @type {const} */ (["booked", "confirmed", "lapsed", "canceled", "waited"]);

/** At most so often: all bookings of an event are read for them. */
const PAUSE_MS = 60_000;

export class EventFigures {
  /** @type {Figures | null} */
  #figures = null;
  #readAt = -Infinity;
  #timer = 0;

  /** @param {HTMLElement} root holds the parts `plot`, `rows`, `shown`, `empty` and one for each series @param {number} eventId */
  constructor(root, eventId) {
    this.root = root;
    this.eventId = eventId;
  }

  /** Something has happened: read the figures anew, now or when they are due. */
  async refresh() {
    clearTimeout(this.#timer);
    const due = this.#readAt + PAUSE_MS - performance.now();
    if (due > 0) {
      this.#timer = window.setTimeout(() => void this.refresh(), due);
      return;
    }
    this.#readAt = performance.now();
    try {
      this.#figures = await getEventFigures(this.eventId);
      this.render();
    } catch (error) {
      tellError(error);
    }
  }

  render() {
    if (!this.#figures) return;
    const { root } = this;
    const { buckets, timezone, totals } = this.#figures;
    part(root, "empty").hidden = buckets.length > 0;
    part(root, "shown").hidden = buckets.length === 0;
    for (const name of SERIES) setText(part(root, name), formatNumber(totals[name]));
    part(root, "plot").replaceChildren(...(buckets.length > 0 ? drawing(this.#figures) : []));
    part(root, "rows").replaceChildren(...buckets.map((bucket) => row(bucket, timezone)));
  }
}

/** @param {Figures} figures each line is the sum until then @returns {Element[]} */
function drawing(figures) {
  const { buckets, totals } = figures;
  const times = buckets.map(({ starts_at }) => Date.parse(starts_at));
  const first = times[0] ?? 0;
  const span = Math.max((times.at(-1) ?? 0) - first, 1);
  const most = Math.max(1, ...SERIES.map((name) => totals[name]));
  const x = (/** @type {number} */ time) => ((time - first) / span) * WIDTH;
  const y = (/** @type {number} */ seats) => HEIGHT - MARGIN - (seats / most) * (HEIGHT - 2 * MARGIN);
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": t("figures.label") });
  svg.append(element("line", { class: "axis", x1: 0, y1: y(0), x2: WIDTH, y2: y(0) }));
  svg.append(element("line", { class: "grid", x1: 0, y1: y(most), x2: WIDTH, y2: y(most) }));
  for (const name of SERIES) {
    let sum = 0;
    let path = `M0 ${y(0)}`;
    buckets.forEach((bucket, index) => {
      sum += bucket[name];
      path += `H${x(times[index] ?? 0).toFixed(1)}V${y(sum).toFixed(1)}`;
    });
    svg.append(element("path", { class: `series-${name}`, d: `${path}H${WIDTH}` }));
  }
  const ends = document.createElement("p");
  ends.className = "ends";
  for (const index of buckets.length > 1 ? [0, -1] : [0]) ends.append(text("span", shortTime(figures, index)));
  return [text("p", formatNumber(most)), svg, ends];
}

/** @param {Figures} figures @param {number} index of a bucket; its day, and its hour where buckets are hours */
function shortTime({ buckets, bucket, timezone }, index) {
  const time = buckets.at(index)?.starts_at ?? "";
  const { number, month, year } = formatDay(time, timezone);
  const hour = bucket === "hour" ? formatHour(time, timezone).replace(/ \(.*\)$/, "") : "";
  return [number, month, year, hour].filter(Boolean).join(" ");
}

/** Words beside the drawing, not in it: they keep their size when it shrinks. @param {"p" | "span"} name @param {string} words */
function text(name, words) {
  const made = document.createElement(name);
  made.textContent = words;
  return made;
}

/** @param {string} name @param {Record<string, string | number>} attributes @returns {SVGElement} */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return /** @type {SVGElement} */ (made);
}

/** @param {Figures["buckets"][number]} bucket @param {string} timezone */
function row(bucket, timezone) {
  const made = document.createElement("tr");
  const when = document.createElement("th");
  when.scope = "row";
  when.textContent = formatTime(bucket.starts_at, timezone);
  made.append(when);
  for (const name of SERIES) made.insertCell().textContent = formatNumber(bucket[name]);
  return made;
}
