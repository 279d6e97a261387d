// @ts-check
/** The link that opens one door to helpers, which an admin makes: shown as text and as a QR code for their phones. */
import { createToken } from "./api.js";
import { serverNow } from "./clock.js";
import { part, setText, whileBusy } from "./dom.js";
import { formatTime, t } from "./i18n.js";
import { tellError } from "./notices.js";

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 3_650;
const QUIET_MODULES = 4;

/** @typedef {import("./api.js").Attendance} Attendance */
/** @typedef {import("./door-access.js").Door} Door */

export class HelperLink {
  #until = "";

  /**
   * @param {HTMLElement} root holds the parts `make-link`, `made-link`, `url`, `until` and `code`
   * @param {Door} door @param {() => Attendance | null} attendance says when the event is
   */
  constructor(root, door, attendance) {
    this.root = root;
    this.door = door;
    this.attendance = attendance;
    root.hidden = false;
    const make = part(root, "make-link");
    make.addEventListener("click", () => whileBusy(make, () => this.#make()));
  }

  render() {
    setText(part(this.root, "until"), this.#until ? t("door.helpers.hint", { time: formatTime(this.#until) }) : "");
  }

  async #make() {
    try {
      const starts = Date.parse(this.attendance()?.event_date ?? "") || serverNow();
      const days = Math.ceil((starts - serverNow()) / DAY_MS) + 1;
      const { event_id, name } = this.door;
      const made = await createToken({
        scope: "door",
        event_id,
        label: name || t("door.heading"),
        expires_in_days: Math.min(Math.max(days, 1), LONGEST_DAYS),
      });
      const link = new URLSearchParams({ token: made.token ?? "", event: String(event_id), ...(name && { door: name }) });
      const url = `${location.origin}/door#${link}`;
      this.#until = made.expires_at ?? "";
      part(this.root, "url").value = url;
      await drawCode(part(this.root, "code"), url);
      this.render();
      part(this.root, "made-link").hidden = false;
      part(this.root, "url").select();
    } catch (error) {
      tellError(error);
    }
  }
}

/** @param {HTMLCanvasElement} canvas one pixel a module, which CSS makes larger @param {string} text */
async function drawCode(canvas, text) {
  // @ts-ignore: a library of its own, as its authors wrote it
  const { encodeQR } = await import("/vendor/qr/index.js");
  /** @type {boolean[][]} */
  const rows = encodeQR(text, "raw", { border: QUIET_MODULES });
  canvas.width = canvas.height = rows.length;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, rows.length, rows.length);
  context.fillStyle = "black";
  rows.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(x, y, 1, 1)));
}
