// @ts-check
/** The dialog that asks whether, and why, an event is to be canceled: whoever means it types its name. */
import { ApiError, cancelEvent } from "./api.js";
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
    onSubmit(part(dialog, "form"), async ({ name, reason }) => {
      const event = this.#event;
      if (!event) return;
      if (plain(name ?? "") !== plain(event.name)) throw new ApiError(0, "invalid", "", [{ field: "name", message: "" }]);
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

/** As people type it: in any case, with any spaces. @param {string} name */
const plain = (name) => name.trim().replaceAll(/\s+/g, " ").toLowerCase();
