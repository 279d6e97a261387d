// @ts-check
/** Every element with `data-expires` on the page counts down to that moment, by the server's clock. */
import { until } from "./clock.js";
import { setText } from "./dom.js";
import { t } from "./i18n.js";

const TICK_MS = 250;
const ASK_AGAIN_MS = 1_000;
const URGENT_MS = 60_000;

/**
 * @param {{onUrgent: (element: HTMLElement) => void, onZero: () => void}} listeners `onZero` is called once a second
 *   while the page still shows a hold whose time is up: the server has the last word on when that is
 */
export function startCountdowns({ onUrgent, onZero }) {
  let askedAt = -Infinity;
  setInterval(() => {
    let lapsed = false;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-expires]"))) {
      const left = until(element.dataset.expires ?? "");
      setText(element, formatLeft(left));
      const state = left < URGENT_MS ? "urgent" : "calm";
      if (state === "urgent" && element.dataset.state !== "urgent") onUrgent(element);
      if (element.dataset.state !== state) element.dataset.state = state;
      lapsed ||= left <= 0;
    }
    if (lapsed && performance.now() - askedAt >= ASK_AGAIN_MS) {
      askedAt = performance.now();
      onZero();
    }
  }, TICK_MS);
}

/** @param {number} ms @returns {string} `9:59`, `1:00:00`, `2 d 0:00:00` */
export function formatLeft(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const parts = days + hours > 0 ? [hours, minutes, seconds % 60] : [minutes, seconds % 60];
  const time = parts.map((number, place) => String(number).padStart(place === 0 ? 1 : 2, "0")).join(":");
  return days > 0 ? t("booking.days_left", { days, time }) : time;
}
