// @ts-check
/** The dialog of `/admin` that asks whether, and why, an event is to be canceled. */
import { cancelEvent } from "./api.js";
import { part } from "./dom.js";
import { onSubmit } from "./forms.js";
import { t } from "./i18n.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */

export class CancelDialog {
  /** @type {BookableEvent | null} */
  #event = null;

  /**
   * @param {HTMLDialogElement} dialog holds the parts `form`, `text` and `keep`
   * @param {(event: BookableEvent) => Promise<void>} onCanceled
   */
  constructor(dialog, onCanceled) {
    this.dialog = dialog;
    onSubmit(part(dialog, "form"), async ({ reason }) => {
      const event = this.#event;
      if (!event) return;
      await cancelEvent(event.id, reason);
      dialog.close();
      await onCanceled(event);
    });
    part(dialog, "keep").addEventListener("click", () => dialog.close());
  }

  /** @param {BookableEvent} event */
  ask(event) {
    this.#event = event;
    part(this.dialog, "form").reset();
    part(this.dialog, "text").textContent = t("admin.cancel.text", { name: event.name });
    this.dialog.showModal();
  }
}
