// @ts-check
/** The dialog that asks an organiser why something is done for somebody else; the answer is kept in the booking's history. */
import { actFor } from "./api.js";
import { part, setText } from "./dom.js";
import { onSubmit } from "./forms.js";
import { t } from "./i18n.js";
import { tellDone } from "./notices.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {"confirm" | "revive" | "cancel"} Action */

export class ReasonDialog {
  /** @type {{booking: Booking, action: Action} | null} */
  #asked = null;

  /**
   * @param {HTMLDialogElement} dialog holds the parts `form`, `heading`, `text`, `hint`, `submit` and `keep`
   * @param {() => Promise<void>} refresh
   */
  constructor(dialog, refresh) {
    this.dialog = dialog;
    onSubmit(part(dialog, "form"), async ({ reason }) => {
      if (!this.#asked) return;
      const { booking, action } = this.#asked;
      await actFor(booking.id, action, reason);
      dialog.close();
      const done = action === "cancel" ? "booking.done.canceled" : "booking.done.confirmed";
      tellDone(t(done, { name: booking.user_name ?? "" }));
      await refresh();
    });
    part(dialog, "keep").addEventListener("click", () => dialog.close());
  }

  /** @param {Booking} booking @param {Action} action */
  ask(booking, action) {
    this.#asked = { booking, action };
    const kind = action === "cancel" ? "cancel" : "confirm";
    const name = booking.user_name ?? "";
    part(this.dialog, "form").reset();
    setText(part(this.dialog, "heading"), t(`managed.ask.${kind}`, { name }));
    setText(part(this.dialog, "text"), t(`managed.ask.${action}.text`));
    setText(part(this.dialog, "hint"), t(`managed.ask.${kind}.hint`));
    setText(part(this.dialog, "submit"), t(`managed.ask.${kind}.submit`));
    this.dialog.showModal();
  }
}
