// @ts-check
/** The part of `/user` that asks how to tell a person of their bookings, and the one that a mail's last link opens. */
import { chooseNotifications, getNotificationSettings, unsubscribe } from "./api.js";
import { part, setText, whileBusy } from "./dom.js";
import { onLanguageChange, t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").NotificationSettings} NotificationSettings */

export class NotificationSettingsPanel {
  /** @type {NotificationSettings | null} */
  #settings = null;
  /** The choice that is being sent, and those before it: they arrive in the order in which they were made. */
  #sending = Promise.resolve();
  #choices = 0;

  /**
   * @param {HTMLElement} root holds the parts `channel`, `message-language` and `mail-error`
   * @param {number} userId
   */
  constructor(root, userId) {
    this.root = root;
    this.userId = userId;
    for (const name of /** @type {const} */ (["channel", "message-language"])) {
      part(root, name).addEventListener("change", () => this.#save(true));
    }
    onLanguageChange(() => this.#render());
    /** Settles once what is chosen is shown, or cannot be. */
    this.loaded = this.#load();
  }

  async #load() {
    try {
      this.#settings = await getNotificationSettings(this.userId);
      this.#render();
      // Whoever has not said yet is told in the language in which they read the page.
      if (this.#settings.language === null && this.#settings.mail_available) this.#save(false);
    } catch (error) {
      tellError(error);
    }
  }

  #render() {
    const settings = this.#settings;
    if (!settings) return;
    this.root.hidden = !settings.mail_available;
    part(this.root, "channel").value = settings.channel;
    part(this.root, "message-language").value = settings.language ?? document.documentElement.lang;
    part(this.root, "mail-error").hidden = settings.mail_error === null;
    setText(part(this.root, "mail-error"), t("told_by.mail_error", { error: settings.mail_error ?? "" }));
  }

  /** @param {boolean} aloud whether the person is waiting for it */
  #save(aloud) {
    const chosen = { channel: part(this.root, "channel").value, language: part(this.root, "message-language").value };
    const choice = ++this.#choices;
    this.#sending = this.#sending.then(async () => {
      try {
        this.#settings = await chooseNotifications(this.userId, chosen);
        if (aloud) tellDone(t("told_by.done"));
      } catch (error) {
        if (aloud) tellError(error);
      }
      if (choice === this.#choices) this.#render();
    });
  }
}

/**
 * Ask before the mails end: programs that look for viruses open every link.
 * @param {HTMLElement} root holds the part `end` @param {{id: number, token: string}} link
 */
export function askToUnsubscribe(root, { id, token }) {
  const end = part(root, "end");
  end.addEventListener("click", () =>
    whileBusy(end, async () => {
      try {
        await unsubscribe(id, token);
        root.hidden = true;
        tellDone(t("unsubscribe.done"));
      } catch (error) {
        tellError(error);
      }
    }));
  root.hidden = false;
}
