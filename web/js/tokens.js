// @ts-check
/** The part of `/admin` about API tokens: which there are, a new one, shown this once, and the end of one. */
import { createToken, getEvents, getTokens, revokeToken } from "./api.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { onSubmit } from "./forms.js";
import { formatTime, onLanguageChange, t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").ApiToken} ApiToken */

const EVENTS_TO_CHOOSE_FROM = 200;

export class TokensPanel {
  /** @type {ApiToken[]} newest first */
  #tokens = [];
  /** @type {ApiToken | null} the one that is asked about */
  #asked = null;

  /** @param {HTMLDetailsElement} root holds the parts `list`, `empty`, `form` and `door` */
  constructor(root) {
    this.root = root;
    this.shown = /** @type {HTMLDialogElement} */ (part(document, "new-token-dialog"));
    this.ask = /** @type {HTMLDialogElement} */ (part(document, "revoke-token-dialog"));
    /** @type {HTMLFormElement} */
    this.form = part(root, "form");
    const scope = /** @type {HTMLSelectElement} */ (this.form.elements.namedItem("scope"));
    scope.addEventListener("change", () => this.#showDoor(scope.value === "door"));
    this.form.addEventListener("reset", () => this.#showDoor(false));
    root.addEventListener("toggle", () => root.open && this.#load());
    onSubmit(this.form, (values) => this.#create(values));
    const copy = part(this.shown, "copy");
    copy.addEventListener("click", () => whileBusy(copy, () => this.#copy()));
    this.shown.addEventListener("close", () => (part(this.shown, "value").value = ""));
    part(this.ask, "keep").addEventListener("click", () => this.ask.close());
    onSubmit(part(this.ask, "form"), () => this.#revoke());
    onLanguageChange(() => this.#render());
  }

  async #load() {
    try {
      const [tokens, events] = await Promise.all([getTokens(), getEvents({}, EVENTS_TO_CHOOSE_FROM)]);
      this.#tokens = tokens.items;
      const choices = events.items.map(({ id, name, date, timezone }) => {
        return new Option(`${name}, ${formatTime(date, timezone)}`, String(id));
      });
      /** @type {HTMLSelectElement} */ (this.form.elements.namedItem("event_id")).replaceChildren(...choices);
      this.#render();
    } catch (error) {
      tellError(error);
    }
  }

  #render() {
    part(this.root, "empty").hidden = this.#tokens.length > 0;
    reconcile(part(this.root, "list"), this.#tokens, ({ id }) => id, (token) => this.#createItem(token), update);
  }

  /** @param {ApiToken} token */
  #createItem(token) {
    const item = stamp("token");
    part(item, "revoke").addEventListener("click", () => {
      this.#asked = token;
      setText(part(this.ask, "text"), t("tokens.revoke.text", { name: nameOf(token) }));
      this.ask.showModal();
    });
    return item;
  }

  /** @param {boolean} isDoor */
  #showDoor(isDoor) {
    part(this.root, "door").hidden = !isDoor;
  }

  /** @param {Record<string, string | undefined>} values */
  async #create({ scope = "", event_id, label, expires_in_days: days }) {
    const made = await createToken({
      scope,
      label,
      ...(scope === "door" && event_id && { event_id: Number(event_id) }),
      ...(days && { expires_in_days: Number(days) }),
    });
    this.form.reset();
    part(this.shown, "value").value = made.token;
    setText(part(this.shown, "copied"), "");
    this.shown.showModal();
    part(this.shown, "value").select();
    await this.#load();
  }

  /** Without HTTPS a browser may have no clipboard for pages; the older way works there too. */
  async #copy() {
    const field = /** @type {HTMLInputElement} */ (part(this.shown, "value"));
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    setText(part(this.shown, "copied"), t("tokens.copied"));
  }

  async #revoke() {
    const token = this.#asked;
    if (!token) return;
    await revokeToken(token.id);
    this.ask.close();
    tellDone(t("tokens.revoked", { name: nameOf(token) }));
    await this.#load();
  }
}

/** @param {HTMLElement} item @param {ApiToken} token */
function update(item, token) {
  const { scope, event_name, user_email, last_used_at: used, expires_at: ends } = token;
  const of = { scope: t(`tokens.scope.${scope}`), email: user_email ?? "" };
  setText(part(item, "name"), nameOf(token));
  setText(part(item, "scope"), scope === "door" ? t("tokens.of.door", { event: event_name ?? "" }) : t("tokens.of", of));
  const times = {
    used: used ? t("tokens.used", { time: formatTime(used) }) : t("tokens.used.never"),
    ends: ends ? t("tokens.ends", { time: formatTime(ends) }) : t("tokens.ends.never"),
  };
  setText(part(item, "times"), t("tokens.times", times));
  part(item, "revoke").setAttribute("aria-label", t("tokens.revoke.label", { name: nameOf(token) }));
}

/** @param {ApiToken} token */
const nameOf = ({ id, label }) => label ?? t("tokens.nameless", { id });
