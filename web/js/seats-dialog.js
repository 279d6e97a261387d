// @ts-check
/** The dialog of `/user` in which some seats of a booking are given back. */
import { changeSeats } from "./api.js";
import { part } from "./dom.js";
import { onSubmit } from "./forms.js";
import { t, tn } from "./i18n.js";
import { tellDone } from "./notices.js";

/** @typedef {import("./api.js").Booking} Booking */

export class SeatsDialog {
  /** @type {Booking | null} */
  #booking = null;

  /**
   * @param {HTMLDialogElement} dialog holds the parts `form`, `text` and `keep`
   * @param {() => Promise<void>} refresh
   */
  constructor(dialog, refresh) {
    this.dialog = dialog;
    onSubmit(part(dialog, "form"), async ({ seats }) => {
      if (!this.#booking) return;
      const booking = await changeSeats(this.#booking, Number(seats));
      dialog.close();
      tellDone(tn("booking.done.fewer", booking.seats, { name: this.#booking.event_name ?? "" }));
      await refresh();
    });
    part(dialog, "keep").addEventListener("click", () => dialog.close());
  }

  /** @param {Booking} booking */
  ask(booking) {
    this.#booking = booking;
    part(this.dialog, "form").reset();
    part(this.dialog, "text").textContent = tn("booking.fewer.text", booking.seats, { name: booking.event_name ?? "" });
    const input = this.dialog.querySelector("input");
    if (input) {
      input.max = String(booking.seats);
      input.value = String(booking.seats - 1);
    }
    this.dialog.showModal();
  }
}
