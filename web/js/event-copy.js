// @ts-check
/** The dialog that creates an event again on further dates. */
import { copyEvent } from "./api.js";
import { part, stamp } from "./dom.js";
import { onSubmit } from "./forms.js";
import { t, tn } from "./i18n.js";
import { tellDone } from "./notices.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export class CopyDialog {
  /** @type {BookableEvent | null} */
  #event = null;

  /**
   * @param {HTMLDialogElement} dialog holds the parts `form`, `text`, `dates`, `add` and `keep`
   * @param {() => Promise<void>} refresh
   */
  constructor(dialog, refresh) {
    this.dialog = dialog;
    onSubmit(part(dialog, "form"), async () => {
      if (!this.#event) return;
      const copies = await copyEvent(this.#event.id, this.#inputs().map(({ value }) => value));
      dialog.close();
      tellDone(tn("admin.copied", copies.length));
      await refresh();
    });
    part(dialog, "add").addEventListener("click", () => this.#addDate().focus());
    part(dialog, "keep").addEventListener("click", () => dialog.close());
  }

  /** @param {BookableEvent} event */
  ask(event) {
    this.#event = event;
    part(this.dialog, "form").reset();
    part(this.dialog, "dates").replaceChildren();
    part(this.dialog, "text").textContent = t("admin.copy.text", { name: event.name, zone: event.timezone });
    this.#addDate();
    this.dialog.showModal();
  }

  /** A week after the last date, by the clock of the event's place: what most series want. */
  #addDate() {
    const last = this.#inputs().at(-1)?.value || this.#event?.date.slice(0, "2030-03-01T18:00".length) || "";
    const field = stamp("copy-date");
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    input.value = new Date(Date.parse(`${last}Z`) + WEEK_MS).toISOString().slice(0, last.length);
    part(this.dialog, "dates").append(field);
    input.setAttribute("aria-label", t("admin.copy.date", { number: this.#inputs().length }));
    return input;
  }

  /** @returns {HTMLInputElement[]} */
  #inputs() {
    return [...part(this.dialog, "dates").querySelectorAll("input")];
  }
}
