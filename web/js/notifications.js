// @ts-check
/** The part of `/admin` about the messages to people: how many wait, which are in trouble, another try for those. */
import { retryNotification } from "./api.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { formatNumber, formatTime, has, t, tn } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").Notifications} Notifications */
/** @typedef {import("./api.js").Notification} Notification */

export class NotificationsPanel {
  /** @type {Notifications | null} */
  #shown = null;

  /**
   * @param {HTMLElement} root holds the parts `bot`, `mail`, `waiting`, `sent`, `failed`, `oldest`, `problems`,
   *   `problems-heading` and `problem-list`
   * @param {() => Promise<void>} refresh
   */
  constructor(root, refresh) {
    this.root = root;
    this.refresh = refresh;
  }

  /** @param {Notifications} notifications */
  show(notifications) {
    this.#shown = notifications;
    this.render();
  }

  render() {
    if (!this.#shown) return;
    const { enabled, bot, mail, oldest_waiting_at: oldest, problems } = this.#shown;
    const state = !enabled ? "off" : bot === null ? "unknown" : "on";
    setText(part(this.root, "bot"), t(`notifications.bot.${state}`, { bot: bot ?? "" }));
    setText(part(this.root, "mail"), t(mail ? "notifications.mail.on" : "notifications.mail.off"));
    for (const name of /** @type {const} */ (["waiting", "sent", "failed"])) {
      setText(part(this.root, name), formatNumber(this.#shown[name]));
      part(this.root, name).dataset.state = this.#shown[name] > 0 ? "some" : "none";
    }
    part(this.root, "oldest").hidden = oldest === null;
    setText(part(this.root, "oldest"), oldest === null ? "" : t("notifications.oldest", { time: formatTime(oldest) }));
    part(this.root, "problems").hidden = problems.length === 0;
    setText(part(this.root, "problems-heading"), t("notifications.problems", { count: problems.length }));
    showProblems(part(this.root, "problem-list"), problems, this.refresh);
  }
}

/** @param {HTMLElement} list @param {Notification[]} problems @param {() => Promise<void>} refresh */
export function showProblems(list, problems, refresh) {
  reconcile(list, problems, ({ id }) => id, ({ id }) => createProblem(id, refresh), update);
}

/** @param {number} id @param {() => Promise<void>} refresh */
function createProblem(id, refresh) {
  const item = stamp("notification");
  const retry = part(item, "retry");
  retry.addEventListener("click", () => whileBusy(retry, () => tryAgain(id, refresh)));
  return item;
}

/** @param {number} id @param {() => Promise<void>} refresh */
async function tryAgain(id, refresh) {
  try {
    await retryNotification(id);
    tellDone(t("notifications.done.retry", { id }));
  } catch (error) {
    tellError(error);
  }
  await refresh();
}

/** @param {HTMLElement} item @param {Notification} notification */
function update(item, { id, user_id, booking_id, channel, kind, state, attempts, last_error, created_at, user_name, user_email }) {
  item.dataset.state = state;
  const key = `notifications.kind.${kind}`;
  setText(part(item, "kind"), has(key) ? t(key) : kind);
  setText(part(item, "status"), state === "failed" ? t("notifications.failed") : tn("notifications.tried", attempts));
  const about = { id, user: user_id, booking: booking_id, time: formatTime(created_at) };
  const whom = user_email === undefined ? undefined : t("notifications.about.person", { ...about, name: user_name, email: user_email });
  const text = whom ?? t(booking_id ? "notifications.about" : "notifications.about.user", about);
  setText(part(item, "about"), `${text} · ${t(`notifications.channel.${channel}`)}`);
  setText(part(item, "error"), last_error ?? "");
  part(item, "retry").setAttribute("aria-label", t("notifications.retry.label", { id }));
}
