// @ts-check
/** The panel that asks somebody without an account who they are, on the way to a seat or to a place in line. */
import { part, setText } from "./dom.js";
import { onSubmit, readForm } from "./forms.js";
import { t } from "./i18n.js";
import { knownGuest, rememberGuest } from "./kept.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {{email: string, name?: string, seats: number}} Who */

export class WhoDialog {
  /** @type {(who: Who) => Promise<void>} */
  #submit = async () => {};
  #done = () => {};

  /** @param {HTMLDialogElement} dialog @param {"open" | "required"} mode */
  constructor(dialog, mode) {
    this.dialog = dialog;
    part(dialog, "account").hidden = mode === "open";
    part(dialog, "close").addEventListener("click", () => dialog.close());
    onSubmit(part(dialog, "form"), async ({ email = "", name, seats }) => {
      await this.#submit({ email, name, seats: Number(seats) });
      rememberGuest({ email, name });
      dialog.close();
      this.#done();
    });
  }

  /**
   * @param {BookableEvent} event @param {string} seats as typed
   * @param {"book" | "wait"} wanted @param {(who: Who) => Promise<void>} submit what it throws is told in the panel
   * @param {() => void} done called when the panel has closed after that
   */
  ask(event, seats, wanted, submit, done) {
    this.#submit = submit;
    this.#done = done;
    const form = part(this.dialog, "form");
    const known = knownGuest();
    const { email = known.email ?? "", name = known.name ?? "" } = readForm(form); // what was typed before stays
    form.reset();
    form.elements.namedItem("email").value = email;
    form.elements.namedItem("name").value = name;
    const count = form.elements.namedItem("seats");
    count.value = seats;
    count.max = String(event.max_seats_per_booking);
    part(this.dialog, "count").hidden = event.max_seats_per_booking === 1;
    setText(part(this.dialog, "heading"), event.name);
    setText(part(this.dialog, "hint"), t(`who.${wanted}.hint`));
    setText(part(this.dialog, "submit"), t(`who.${wanted}`));
    part(this.dialog, "sign-in").href = `/?next=/events/${event.id}#sign-in`;
    this.dialog.showModal();
    if (email) part(this.dialog, "submit").focus();
  }
}
