// @ts-check
/** The words of the page: a flat dictionary a language, the choice between them, and dates and plurals as each has them. */

import { serverNow } from "./clock.js";

/** @typedef {"en" | "ru"} Language */

/** Only the one that is read is loaded. @type {Record<Language, () => Promise<{default: Record<string, string>}>>} */
const DICTIONARIES = { en: () => import("./messages.en.js"), ru: () => import("./messages.ru.js") };
const STORED_AS = "language";

/** @type {Language} */
let language = remembered() ?? (navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en");
let { default: words } = await DICTIONARIES[language]();
const changed = new EventTarget();

/** @param {string} key @param {Record<string, string | number>} [values] put in place of `{name}` */
export function t(key, values = {}) {
  const message = words[key] ?? key;
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** @param {string} key */
export const has = (key) => key in words;

/**
 * `t` for a counted thing: takes `key.one`, `key.few`, … by the language's own rules; `{count}` is the number.
 * @param {string} key @param {number} count @param {Record<string, string | number>} [values]
 */
export function tn(key, count, values = {}) {
  const form = made("plural", () => new Intl.PluralRules(language)).select(count);
  return t(`${key}.${form}`, { ...values, count: formatNumber(count) });
}

/** @param {number} number */
export const formatNumber = (number) => made("number", () => new Intl.NumberFormat(locale())).format(number);

/**
 * @param {string} time ISO 8601 @param {string} [zone] the reader's own, unless another is named
 * @returns {string} the moment by the clock of the zone, whose name is added if that clock differs from the reader's
 */
export const formatTime = (time, zone) =>
  naming(zone, time, { weekday: "short", day: "numeric", month: "long", year: "numeric", ...hour() });

/** @param {string} time ISO 8601 @param {string} [zone] @returns {string} its hour and minute, as `formatTime` has them */
export const formatHour = (time, zone) => naming(zone, time, hour());

/**
 * The day by the clock of the zone: `key` orders days, `year` is empty in the current one.
 * @param {string} time ISO 8601 @param {string} zone
 */
export function formatDay(time, zone) {
  const day = made(`date ${zone}`, () => new Intl.DateTimeFormat(locale(), { ...DAY, timeZone: known(zone) }));
  const parts = new Map(day.formatToParts(new Date(time)).map(({ type, value }) => [type, value]));
  const one = (/** @type {Intl.DateTimeFormatPartTypes} */ type) => parts.get(type) ?? "";
  const key = made(`day ${zone}`, () => new Intl.DateTimeFormat("sv", { timeZone: known(zone) })).format(new Date(time));
  const year = key.slice(0, 4) === String(new Date(serverNow()).getFullYear()) ? "" : one("year");
  return { key, year, weekday: one("weekday"), number: one("day"), month: one("month") };
}

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" };

/** `09:05`, but `9:05 AM`. @returns {Intl.DateTimeFormatOptions} */
function hour() {
  const { hourCycle } = made("cycle", () => new Intl.DateTimeFormat(locale(), { hour: "numeric" })).resolvedOptions();
  return { hour: hourCycle === "h12" ? "numeric" : "2-digit", minute: "2-digit" };
}

/** @param {string | undefined} zone @param {string} time @param {Intl.DateTimeFormatOptions} options */
function naming(zone, time, options) {
  const own = inZone(time, timeZone(), options);
  const there = zone ? inZone(time, zone, options) : own;
  return there === own ? own : `${there} (${zone})`;
}

/** @param {string} time @param {string} zone @param {Intl.DateTimeFormatOptions} options */
function inZone(time, zone, options) {
  const key = `${zone} ${Object.keys(options)}`;
  const format = made(key, () => new Intl.DateTimeFormat(locale(), { ...options, timeZone: known(zone) }));
  return format.format(new Date(time));
}

/** Formats are dear to make: one of each kind is kept. @type {Map<string, any>} */
const formats = new Map();

/** @template T @param {string} key @param {() => T} make @returns {T} */
function made(key, make) {
  const name = `${language} ${key}`;
  if (!formats.has(name)) formats.set(name, make());
  return formats.get(name);
}

/** @param {string} zone @returns {string} the reader's own where this browser has not heard of it */
function known(zone) {
  try {
    return made(`zone ${zone}`, () => (new Intl.DateTimeFormat("en", { timeZone: zone }), zone));
  } catch {
    return timeZone();
  }
}

/** The page's language as the reader's country writes it, where the browser says which country that is. */
const locale = () => navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;

export const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * Fill in whatever in `root` names a key: `data-i18n` for its text, `data-i18n-label` for its `aria-label`,
 * `data-i18n-placeholder` for its `placeholder`.
 * @param {ParentNode} root
 */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-i18n]")) {
    const text = t(element.getAttribute("data-i18n") ?? "");
    if (element.textContent !== text) element.textContent = text;
  }
  for (const [source, target] of [["data-i18n-label", "aria-label"], ["data-i18n-placeholder", "placeholder"]]) {
    for (const element of root.querySelectorAll(`[${source}]`)) {
      element.setAttribute(target, t(element.getAttribute(source) ?? ""));
    }
  }
}

/** @param {() => void} listener */
export const onLanguageChange = (listener) => changed.addEventListener("change", listener);

/** Translate the page and bring the language buttons (`[data-language]`) to life. */
export function startLanguage() {
  for (const button of languageButtons()) {
    button.addEventListener("click", () => void choose(/** @type {Language} */ (button.dataset.language)));
  }
  apply();
}

/** @param {Language} chosen */
async function choose(chosen) {
  ({ default: words } = await DICTIONARIES[chosen]());
  language = chosen;
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
  apply();
  changed.dispatchEvent(new Event("change"));
}

function apply() {
  document.documentElement.lang = language;
  translate(document);
  for (const button of languageButtons()) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  document.documentElement.dataset.state = "translated";
}

const languageButtons = () =>
  /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-language]"));

/** @returns {Language | null} */
function remembered() {
  try {
    const stored = localStorage.getItem(STORED_AS);
    return stored === "en" || stored === "ru" ? stored : null;
  } catch {
    return null;
  }
}
