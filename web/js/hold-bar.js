// @ts-check
/** The bar at the bottom of the page: the hold that ends first, with what is left of it, wherever one has scrolled to. */
import { until } from "./clock.js";
import { wireConfirm } from "./bookings.js";
import { formatLeft } from "./countdown.js";
import { part, setText } from "./dom.js";
import { t, tn } from "./i18n.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./mine.js").Mine} Mine */

export class HoldBar {
  /** @type {Booking | undefined} the hold that is shown, also when it has just run out */
  #shown;

  /** @param {HTMLElement} root @param {Mine} mine @param {() => Promise<void>} refresh */
  constructor(root, mine, refresh) {
    this.root = root;
    this.mine = mine;
    const current = () => ({ booking: /** @type {Booking} */ (this.#shown), name: this.#shown?.event_name ?? "" });
    wireConfirm(root, current, refresh);
    part(root, "close").addEventListener("click", () => this.#show(undefined));
    // What is focused must not lie under the bar.
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--bar-height", `${root.offsetHeight}px`);
    }).observe(root);
  }

  render() {
    const before = this.#shown && this.mine.bookings.find(({ id }) => id === this.#shown?.id);
    const ranOut = before?.cancel_reason === "expired" && !this.mine.live(before.event_id);
    this.#show(this.mine.urgent ?? (ranOut ? before : undefined));
  }

  /** @param {Booking | undefined} booking */
  #show(booking) {
    this.#shown = booking;
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = !booking;
    if (!booking) {
      if (hadFocus) part(document, "main").focus({ preventScroll: true });
      return this.#count(undefined);
    }
    const ranOut = booking.status === "canceled";
    const name = booking.event_name ?? "";
    this.root.dataset.state = ranOut ? "lapsed" : "held";
    part(this.root, "name").href = `/events/${booking.event_id}`;
    setText(part(this.root, "name"), name);
    setText(part(this.root, "seats"), ranOut ? t("hold_bar.lapsed") : booking.seats > 1 ? tn("booking.seats", booking.seats) : "");
    part(this.root, "confirm").hidden = ranOut;
    part(this.root, "confirm").setAttribute("aria-label", t("booking.confirm.label", { name }));
    part(this.root, "again").hidden = !ranOut;
    part(this.root, "again").href = `/events/${booking.event_id}`;
    setText(part(this.root, "again"), t("hold_bar.again"));
    part(this.root, "close").hidden = !ranOut;
    this.#count(ranOut ? undefined : booking);
  }

  /** @param {Booking | undefined} booking */
  #count(booking) {
    const countdown = part(this.root, "countdown");
    countdown.hidden = !booking;
    if (booking) {
      countdown.dateTime = booking.expires_at;
      countdown.dataset.expires = booking.expires_at;
      countdown.dataset.name = booking.event_name;
      setText(countdown, formatLeft(until(booking.expires_at)));
    } else {
      delete countdown.dataset.expires;
      delete countdown.dataset.state;
    }
  }
}
