// @ts-check
/** How an event filled: lines in a drawing of our own, and the same in a table. */
import { getEventFigures } from "./api.js";
import { part, setText } from "./dom.js";
import { formatNumber, formatTime, onLanguageChange, t } from "./i18n.js";
import { tellError } from "./notices.js";

/** @typedef {import("./api.js").Figures} Figures */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, TOP, BOTTOM] = [600, 220, 16, 24];
const SERIES = /** @type {const} */ (["booked", "confirmed", "lapsed", "canceled", "waited"]);

/**
 * Load and show the figures whenever they are unfolded.
 * @param {HTMLDetailsElement} root holds the parts `plot` and `rows` @param {number} eventId
 */
export function wireFigures(root, eventId) {
  /** @type {Figures | null} */
  let figures = null;
  root.addEventListener("toggle", async () => {
    if (!root.open) return;
    try {
      figures = await getEventFigures(eventId);
      show(root, figures);
    } catch (error) {
      tellError(error);
    }
  });
  onLanguageChange(() => figures && root.isConnected && show(root, figures));
}

/** @param {HTMLElement} root @param {Figures} figures */
function show(root, figures) {
  const { buckets, timezone } = figures;
  part(root, "empty").hidden = buckets.length > 0;
  part(root, "shown").hidden = buckets.length === 0;
  for (const name of SERIES) setText(part(root, name), formatNumber(figures.totals[name]));
  part(root, "plot").replaceChildren(...(buckets.length > 0 ? [drawing(figures)] : []));
  part(root, "rows").replaceChildren(...buckets.map((bucket) => row(bucket, timezone)));
}

/** @param {Figures} figures each line is the sum until then @returns {SVGElement} */
function drawing({ buckets, totals, timezone }) {
  const times = buckets.map(({ starts_at }) => Date.parse(starts_at));
  const first = times[0] ?? 0;
  const span = Math.max((times.at(-1) ?? 0) - first, 1);
  const most = Math.max(1, ...SERIES.map((name) => totals[name]));
  const x = (/** @type {number} */ time) => ((time - first) / span) * WIDTH;
  const y = (/** @type {number} */ seats) => HEIGHT - BOTTOM - (seats / most) * (HEIGHT - TOP - BOTTOM);
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
  svg.append(label(0, TOP - 4, "start", formatNumber(most)));
  svg.append(label(0, HEIGHT - 6, "start", shortTime(buckets[0], timezone)));
  if (buckets.length > 1) svg.append(label(WIDTH, HEIGHT - 6, "end", shortTime(buckets.at(-1), timezone)));
  return svg;
}

/** @param {{starts_at: string} | undefined} bucket @param {string} timezone */
const shortTime = (bucket, timezone) => formatTime(bucket?.starts_at ?? "", timezone).replace(/ \(.*\)$/, "");

/** @param {number} x @param {number} y @param {string} anchor @param {string} text */
function label(x, y, anchor, text) {
  const made = element("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
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
