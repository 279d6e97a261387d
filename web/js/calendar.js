// @ts-check
/** The part of `/user` with the address of one's calendar, for programs that ask for it again and again. */
import { getCalendar, renewCalendar } from "./api.js";
import { part, whileBusy } from "./dom.js";
import { t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

export class CalendarPanel {
  /**
   * @param {HTMLDetailsElement} root holds the parts `address`, `copy` and `renew`
   * @param {number} userId
   */
  constructor(root, userId) {
    this.userId = userId;
    /** @type {HTMLInputElement} */
    this.address = part(root, "address");
    const [copy, renew] = ["copy", "renew"].map((name) => part(root, name));
    root.hidden = false;
    root.addEventListener("toggle", () => root.open && this.#show(getCalendar));
    this.address.addEventListener("focus", () => this.address.select());
    copy.addEventListener("click", () => whileBusy(copy, () => this.#copy(), [renew]));
    renew.addEventListener("click", () =>
      whileBusy(renew, async () => {
        if (await this.#show(renewCalendar)) tellDone(t("calendar.renewed"));
      }, [copy]));
  }

  /** @param {(userId: number) => Promise<{url: string}>} ask @returns {Promise<boolean>} whether it was answered */
  async #show(ask) {
    try {
      this.address.value = (await ask(this.userId)).url;
      return true;
    } catch (error) {
      tellError(error);
      return false;
    }
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.address.value);
      tellDone(t("calendar.copied"));
    } catch {
      this.address.focus(); // selects it, for who copies by hand
    }
  }
}
