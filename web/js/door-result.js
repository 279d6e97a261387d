// @ts-check
/** What became of a scan: in colour, in a word, in a sentence, and heard. */
import { ApiError } from "./api.js";
import { statusText } from "./bookings.js";
import { part, setText } from "./dom.js";
import { sound } from "./door-sound.js";
import { formatTime, formatHour, t, tn } from "./i18n.js";
import { errorText } from "./notices.js";

/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {{mark: "good" | "bad" | "waiting" | "done", word: string, lines: string[]}} Result */

/** @param {Booking} booking that has just come in @returns {Result} */
export const letIn = (booking) => ({
  mark: "good",
  word: t("door.result.in"),
  lines: [booking.user_name ?? "", tn("booking.seats", booking.seats)],
});

/** @param {string} label @param {string} at when it was scanned @returns {Result} */
export const scannedBefore = (label, at) => ({
  mark: "bad",
  word: t("door.result.already"),
  lines: [label, t("door.result.scanned_here", { time: formatHour(at) })],
});

/** @param {string} label @returns {Result} */
export const waits = (label) => ({
  mark: "waiting",
  word: t("door.result.waiting"),
  lines: [label, t("door.result.waiting.text")],
});

/** @returns {Result} */
export const nothingFound = () => ({ mark: "bad", word: t("door.result.nothing"), lines: [t("door.result.nothing.text")] });

/** @param {{user_name?: string}} booking @returns {Result} */
export const undone = ({ user_name: name }) => ({ mark: "done", word: t("door.result.undone"), lines: [name ?? ""] });

/** @param {unknown} error @param {string} label the code or the name @returns {Result} */
export function refused(error, label) {
  if (!(error instanceof ApiError)) return { mark: "bad", word: t("door.result.failed"), lines: [errorText(error)] };
  const { code, members } = error;
  switch (code) {
    case "already_checked_in":
      return { mark: "bad", word: t("door.result.already"), lines: [members.user_name, alreadyText(members)] };
    case "wrong_event":
      return {
        mark: "bad",
        word: t("door.result.wrong_event"),
        lines: [label, members.event_name, formatTime(members.event_date, members.event_timezone)],
      };
    case "not_confirmed":
      return members.booking_status === "pending"
        ? { mark: "bad", word: t("door.result.not_confirmed"), lines: [label] }
        : { mark: "bad", word: t("door.result.canceled"), lines: [label, statusText(canceled(members), false)] };
    case "unknown_code":
      return { mark: "bad", word: t("door.result.unknown"), lines: [label, t("door.result.unknown.text")] };
    default:
      return { mark: "bad", word: t("door.result.failed"), lines: [label, errorText(error)] };
  }
}

/** @param {Record<string, any>} members */
function alreadyText({ checked_in_at: at, checked_in_by: by }) {
  const time = formatHour(at);
  return by ? t("door.since_at", { time, door: by }) : t("door.since", { time });
}

/** @param {Record<string, any>} members */
const canceled = (members) => /** @type {Booking} */ ({ status: "canceled", cancel_reason: members.cancel_reason });

/** @param {HTMLElement} panel a live region with the parts `word` and `lines` @param {Result} result */
export function showResult(panel, { mark, word, lines }) {
  panel.dataset.mark = mark;
  panel.dataset.turn = panel.dataset.turn === "1" ? "2" : "1";  // the same result again is seen to be a new one
  setText(part(panel, "word"), "");
  const texts = lines.filter(Boolean).map((line) => {
    const text = document.createElement("span");
    text.dir = "auto";
    text.textContent = line;
    return text;
  });
  part(panel, "lines").replaceChildren(...texts);
  setText(part(panel, "word"), word);
  if (mark !== "done") sound(mark);
  if (mark !== "done") navigator.vibrate?.(mark === "good" ? 60 : [120, 60, 120]);
}
