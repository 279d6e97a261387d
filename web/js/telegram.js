// @ts-check
/** The part of `/user` about Telegram: connect a chat, see whether it is connected, disconnect it. */
import { getTelegram, offerTelegramLink, unlinkTelegram } from "./api.js";
import { until } from "./clock.js";
import { part, setText, whileBusy } from "./dom.js";
import { formatHour, t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").TelegramState} TelegramState */
/** @typedef {import("./api.js").TelegramLink} TelegramLink */

export class TelegramPanel {
  /** @type {TelegramState | null} */
  #state = null;
  /** @type {TelegramLink | null} offered, and not opened yet as far as is known */
  #link = null;

  /**
   * @param {HTMLElement} root holds the parts `told`, `connect`, `link`, `hint` and `disconnect`
   * @param {number} userId @param {() => Promise<void>} refresh
   */
  constructor(root, userId, refresh) {
    this.root = root;
    this.userId = userId;
    this.refresh = refresh;
    const connect = part(root, "connect");
    const disconnect = part(root, "disconnect");
    connect.addEventListener("click", () => whileBusy(connect, () => this.#offer(), [disconnect]));
    disconnect.addEventListener("click", () => whileBusy(disconnect, () => this.#disconnect(), [connect]));
  }

  /** Where there is no bot, that is asked once. @returns {Promise<TelegramState>} */
  async load() {
    return this.#state && !this.#state.available ? this.#state : getTelegram(this.userId);
  }

  /** @param {TelegramState} state */
  show(state) {
    const was = this.#state;
    this.#state = state;
    if (isConnected(state)) this.#link = null;
    this.render();
    if (was && !isConnected(was) && isConnected(state)) tellDone(t("telegram.done.connected"));
  }

  render() {
    const state = this.#state;
    if (!state) return;
    if (this.#link && until(this.#link.expires_at) <= 0) this.#link = null;
    const link = this.#link;
    const focused = document.activeElement;
    const connected = isConnected(state);

    this.root.hidden = !state.available;
    this.root.dataset.state = connected ? "connected" : state.linked ? "broken" : "none";
    setText(part(this.root, "told"), t(`telegram.told.${this.root.dataset.state}`, { error: state.error ?? "" }));
    part(this.root, "connect").hidden = connected || link !== null;
    setText(part(this.root, "connect"), t(state.linked ? "telegram.connect_again" : "telegram.connect"));
    part(this.root, "disconnect").hidden = !state.linked;
    const anchor = part(this.root, "link");
    anchor.hidden = link === null;
    if (link) anchor.href = link.url;
    part(this.root, "hint").hidden = link === null;
    setText(part(this.root, "hint"), link ? t("telegram.link.hint", { time: formatHour(link.expires_at) }) : "");
    if (this.root.contains(focused) && !focused?.checkVisibility()) this.#focus();
  }

  async #offer() {
    try {
      this.#link = await offerTelegramLink(this.userId);
      this.render();
    } catch (error) {
      tellError(error);
      await this.refresh();
    }
  }

  async #disconnect() {
    try {
      await unlinkTelegram(this.userId);
      this.#link = null;
      tellDone(t("telegram.done.disconnected"));
    } catch (error) {
      tellError(error);
    }
    await this.refresh();
  }

  /** The button that was pressed has gone: on to what can be done next. */
  #focus() {
    for (const name of ["link", "connect", "disconnect"]) {
      const next = part(this.root, name);
      if (next.checkVisibility()) return next.focus({ preventScroll: true });
    }
  }
}

/** @param {TelegramState} state */
const isConnected = ({ linked, error }) => linked && error === null;
