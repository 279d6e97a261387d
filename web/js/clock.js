// @ts-check
/**
 * The server's time, as far as its `Date` headers tell it, so that a wrong clock on this device does not matter.
 *
 * A `Date` is cut to the second and was written between the moment a request left and the moment its answer came.
 * Each answer therefore gives an interval for the difference between the two clocks; what all of them have in common
 * is soon much narrower than a second. This device's side is `performance.now()`, which nobody can set.
 */

let low = -Infinity;
let high = Infinity;

/**
 * @param {string | null} header the answer's `Date`
 * @param {number} sentAt `performance.now()` before the request
 * @param {number} receivedAt `performance.now()` after the answer
 */
export function observe(header, sentAt, receivedAt) {
  const date = Date.parse(header ?? "");
  if (Number.isNaN(date)) return;
  const atLeast = date - receivedAt;
  const atMost = date + 1000 - sentAt;
  low = Math.max(low, atLeast);
  high = Math.min(high, atMost);
  if (low > high) {
    // This device slept, or the server's clock was set: only the newest answer counts.
    low = atLeast;
    high = atMost;
  }
}

/** Milliseconds since 1970 by the server's clock; by this device's own until the server has answered once. */
export function serverNow() {
  const offset = Number.isFinite(low) ? (low + high) / 2 : performance.timeOrigin;
  return performance.now() + offset;
}

/** @param {string} time ISO 8601 @returns {number} milliseconds from now on, negative once it is past */
export function until(time) {
  return Date.parse(time) - serverNow();
}
