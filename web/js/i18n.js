// @ts-check
/** The words of the page: two flat dictionaries, the choice between them, and dates and plurals as each language has them. */
import en from "./messages.en.js";
import ru from "./messages.ru.js";

/** @typedef {"en" | "ru"} Language */

/** @type {Record<Language, Record<string, string>>} */
const dictionaries = { en, ru };
const STORED_AS = "language";

/** @type {Language} */
let language = remembered() ?? (navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en");
const changed = new EventTarget();

/** @param {string} key @param {Record<string, string | number>} [values] put in place of `{name}` */
export function t(key, values = {}) {
  const message = dictionaries[language][key] ?? dictionaries.en[key] ?? key;
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** @param {string} key */
export const has = (key) => key in dictionaries[language];

/**
 * `t` for a counted thing: takes `key.one`, `key.few`, … by the language's own rules; `{count}` is the number.
 * @param {string} key @param {number} count @param {Record<string, string | number>} [values]
 */
export function tn(key, count, values = {}) {
  const form = new Intl.PluralRules(language).select(count);
  return t(`${key}.${form}`, { ...values, count: formatNumber(count) });
}

/** @param {number} number */
export const formatNumber = (number) => new Intl.NumberFormat(locale()).format(number);

/**
 * @param {string} time ISO 8601 @param {string} [zone] the reader's own, unless another is named
 * @returns {string} the moment by the clock of the zone, whose name is added if that clock differs from the reader's
 */
export function formatTime(time, zone) {
  const own = inZone(time, timeZone());
  const there = zone && knowsZone(zone) ? inZone(time, zone) : own;
  return there === own ? own : `${there} (${zone})`;
}

/** @param {string} time @param {string} zone */
const inZone = (time, zone) =>
  new Intl.DateTimeFormat(locale(), {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(new Date(time));

/** @param {string} zone @returns {boolean} whether this browser has heard of it */
function knowsZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

/** @param {string} time ISO 8601 @returns {string} its hour and minute in the reader's own time zone */
export function formatHour(time) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
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
    button.addEventListener("click", () => choose(/** @type {Language} */ (button.dataset.language)));
  }
  apply();
}

/** @param {Language} chosen */
function choose(chosen) {
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
