// @ts-check
/** What the page tells the reader in passing: done, or gone wrong, in words, also to a screen reader. */
import { ApiError } from "./api.js";
import { has, t } from "./i18n.js";
import { part, setText, stamp } from "./dom.js";

const DONE_STAYS_MS = 6_000;

/** @param {string} text */
export function tellDone(text) {
  const notice = show("done", text);
  setTimeout(() => notice.remove(), DONE_STAYS_MS);
}

/** @param {unknown} error stays until it is closed, or until another one takes its place */
export function tellError(error) {
  show("error", errorText(error));
}

/**
 * Whether the page still follows what happens; said when it changes, not at every try.
 * @param {unknown} [error] why not; left out when all is well
 */
export function tellConnection(error) {
  // Asking again may help, unless the service itself said no.
  const transient = error instanceof ApiError && (error.status < 400 || error.status >= 500);
  const state = error === undefined ? "online" : transient ? "offline" : "refused";
  if (document.body.dataset.state === state) return;
  document.body.dataset.state = state;
  if (state === "refused") tellError(error);
}

/**
 * Said to screen readers only.
 * @param {string} text
 */
export function whisper(text) {
  const region = document.getElementById("whisper");
  if (region) setText(region, text);
}

/** @param {unknown} error @returns {string} in the page's language where the problem's code is known */
export function errorText(error) {
  if (!(error instanceof ApiError)) {
    console.error(error);
    return t("problem.bad_response");
  }
  for (const key of [error.code, byStatus(error.status)]) {
    if (has(`problem.${key}`)) return t(`problem.${key}`);
  }
  return error.detail || t("problem.bad_response");
}

/** @param {number} status */
function byStatus(status) {
  return { 401: "credentials_required", 403: "forbidden", 429: "too_many_attempts", 503: "database_away" }[status] ?? "";
}

/** @param {"done" | "error"} kind @param {string} text */
function show(kind, text) {
  const region = /** @type {HTMLElement} */ (document.getElementById("notices"));
  for (const older of region.querySelectorAll(`[data-state="${kind}"]`)) older.remove();
  const notice = stamp("notice");
  notice.dataset.state = kind;
  if (kind === "error") notice.setAttribute("role", "alert");
  part(notice, "text").textContent = text;
  part(notice, "close").addEventListener("click", () => notice.remove());
  region.append(notice);
  return notice;
}
