// @ts-check
/** The part of `/user` about one's account: prove the email, change the password, end sessions, delete everything. */
import { changePassword, endSession, endSessions, eraseUser, getSessions, requestEmailProof } from "./api.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { onSubmit } from "./forms.js";
import { formatTime, onLanguageChange, t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./api.js").SessionOfUser} SessionOfUser */
/** @typedef {import("./api.js").User} User */

export class AccountPanel {
  /** @type {SessionOfUser[]} newest first */
  #sessions = [];

  /**
   * @param {HTMLDetailsElement} root holds the parts of the account
   * @param {HTMLDialogElement} dialog asks whether everything is to be deleted
   * @param {User} user @param {boolean} proven whether the email is
   */
  constructor(root, dialog, user, proven) {
    this.root = root;
    this.user = user;
    const everywhere = part(root, "everywhere");
    const prove = part(root, "prove");
    part(root, "unproven").hidden = proven;
    part(root, "export").href = `/users/${user.id}/export`;
    prove.addEventListener("click", () => whileBusy(prove, () => this.#prove()));
    everywhere.addEventListener("click", () => whileBusy(everywhere, () => this.#endAll()));
    root.addEventListener("toggle", () => root.open && this.#load());
    const form = part(root, "password-form");
    onSubmit(form, async (values) => {
      await changePassword(/** @type {any} */ (values));
      form.reset();
      tellDone(t("account.password.done"));
      await this.#load();
    });
    this.#wireErasing(dialog);
    onLanguageChange(() => this.#show());
    root.hidden = false;
  }

  async #load() {
    try {
      this.#sessions = (await getSessions(this.user.id)).items;
      this.#show();
    } catch (error) {
      tellError(error);
    }
  }

  #show() {
    reconcile(
      part(this.root, "sessions"),
      this.#sessions,
      ({ id }) => id,
      (session) => this.#create(session),
      (item, session) => this.#update(item, session),
    );
  }

  /** @param {SessionOfUser} session */
  #create({ id }) {
    const item = stamp("session");
    const end = part(item, "end");
    end.addEventListener("click", () => whileBusy(end, () => this.#end(id)));
    return item;
  }

  /** @param {HTMLElement} item @param {SessionOfUser} session */
  #update(item, { device, created_at, last_seen_at, current }) {
    const name = device ?? t("account.session.unknown");
    setText(part(item, "device"), current ? t("account.session.this", { name }) : name);
    const times = { since: formatTime(created_at), seen: formatTime(last_seen_at) };
    setText(part(item, "times"), t("account.session.times", times));
    part(item, "end").hidden = current;
    part(item, "end").setAttribute("aria-label", t("account.session.end.label", { name }));
  }

  /** @param {number} sessionId */
  async #end(sessionId) {
    try {
      await endSession(this.user.id, sessionId);
    } catch (error) {
      tellError(error);
    }
    await this.#load();
  }

  async #endAll() {
    try {
      await endSessions(this.user.id);
      location.assign("/");
    } catch (error) {
      tellError(error);
    }
  }

  async #prove() {
    try {
      const { mail } = await requestEmailProof(this.user.id);
      tellDone(t(mail ? "account.prove.mailed" : "account.no_mail"));
    } catch (error) {
      tellError(error);
    }
  }

  /** @param {HTMLDialogElement} dialog */
  #wireErasing(dialog) {
    const word = part(dialog, "word");
    const erase = part(dialog, "erase");
    part(this.root, "erase").addEventListener("click", () => {
      setText(part(dialog, "text"), t("account.erase.text", { word: t("account.erase.word") }));
      word.value = "";
      erase.disabled = true;
      dialog.showModal();
    });
    word.addEventListener("input", () => {
      erase.disabled = word.value.trim().toLowerCase() !== t("account.erase.word");
    });
    part(dialog, "keep").addEventListener("click", () => dialog.close());
    onSubmit(part(dialog, "form"), async () => {
      await eraseUser(this.user.id);
      location.assign("/");
    });
  }
}
