// @ts-check
/** Reads QR codes from the camera or from a picture, with the browser's own detector where it has one, else with ours. */
import { part, setText, whileBusy } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {{detect: (source: HTMLCanvasElement) => Promise<{rawValue: string}[]>}} Detector */

const PAUSE_MS = 100;
/** A code that stays in sight is one scan; out of sight for so long, it may be shown again. */
const SAME_TICKET_MS = 3_000;
const FRAME_SIDE = 720;
const PICTURE_SIDES = [1_600, 800];

/** @type {Promise<Detector> | undefined} */
let detector;

/** Fetched ahead, because a door may lose its connection before the first scan. @returns {Promise<Detector>} */
export function loadDetector() {
  detector ??= makeDetector().catch((error) => {
    detector = undefined;
    throw error;
  });
  return detector;
}

/** @returns {Promise<Detector>} */
async function makeDetector() {
  const { BarcodeDetector: native } = /** @type {any} */ (globalThis);
  const formats = await native?.getSupportedFormats().catch(() => []);
  if (formats?.includes("qr_code")) return new native({ formats: ["qr_code"] });
  // @ts-ignore: a library of its own, as its authors wrote it
  const { BarcodeDetector } = await import("/vendor/qr/decode.js");
  return new BarcodeDetector({ formats: ["qr_code"] });
}

export class Scanner {
  /** @type {MediaStream | null} */
  #stream = null;
  #code = "";
  #seenAt = -Infinity;
  #canvas = document.createElement("canvas");

  /**
   * @param {HTMLElement} root holds the parts `camera`, `video`, `picture` and `camera-hint`
   * @param {(code: string) => void} onCode @param {() => void} onNothing there is no code in the picture
   */
  constructor(root, onCode, onNothing) {
    this.root = root;
    this.onCode = onCode;
    this.onNothing = onNothing;
    const camera = part(root, "camera");
    const picture = part(root, "picture");
    camera.hidden = !navigator.mediaDevices;
    camera.addEventListener("click", () => whileBusy(camera, () => (this.#stream ? this.stop() : this.#start())));
    picture.addEventListener("change", () => void this.#readPicture(picture));
    window.addEventListener("pagehide", () => void this.stop());
    this.render(navigator.mediaDevices ? "" : "door.camera.none");
  }

  /** @param {string} [hint] a key */
  render(hint) {
    if (hint !== undefined) part(this.root, "camera-hint").dataset.hint = hint;
    const key = part(this.root, "camera-hint").dataset.hint;
    setText(part(this.root, "camera-hint"), key ? t(key) : "");
    part(this.root, "camera-hint").hidden = !key;
    setText(part(this.root, "camera"), t(this.#stream ? "door.camera.stop" : "door.camera.start"));
    part(this.root, "video").hidden = !this.#stream;
  }

  async #start() {
    try {
      const video = { facingMode: "environment", width: { ideal: 1280 } };
      this.#stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      const element = /** @type {HTMLVideoElement} */ (part(this.root, "video"));
      this.render("");
      element.srcObject = this.#stream;
      await element.play();
      void this.#watch(element);
    } catch (error) {
      await this.stop();
      this.render(error instanceof DOMException && error.name === "NotAllowedError" ? "door.camera.denied" : "door.camera.failed");
    }
  }

  async stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.render();
  }

  /** @param {HTMLVideoElement} video */
  async #watch(video) {
    const stream = this.#stream;
    while (this.#stream === stream && stream?.active) {
      if (video.videoWidth > 0 && !document.hidden) {
        const code = await this.#read(video, video.videoWidth, video.videoHeight, FRAME_SIDE);
        if (code) this.#see(code);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    if (this.#stream === stream) await this.stop();  // the camera went away by itself
  }

  /** @param {string} code */
  #see(code) {
    const now = performance.now();
    const isAnother = code !== this.#code || now - this.#seenAt > SAME_TICKET_MS;
    this.#code = code;
    this.#seenAt = now;
    if (isAnother) this.onCode(code);
  }

  /** @param {HTMLInputElement} input */
  async #readPicture(input) {
    const [file] = input.files ?? [];
    input.value = "";
    if (!file) return;
    let code = "";
    try {
      const picture = await createImageBitmap(file);
      for (const side of PICTURE_SIDES) code ||= await this.#read(picture, picture.width, picture.height, side);
      picture.close();
    } catch {
      // Not a picture, or one that this browser cannot read.
    }
    if (code) this.onCode(code);
    else this.onNothing();
  }

  /** @param {CanvasImageSource} source @param {number} width @param {number} height @param {number} side the longest */
  async #read(source, width, height, side) {
    const scale = Math.min(1, side / Math.max(width, height));
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d", { willReadFrequently: true }));
    context.drawImage(source, 0, 0, this.#canvas.width, this.#canvas.height);
    const [found] = await (await loadDetector()).detect(this.#canvas).catch(() => []);
    return found?.rawValue.trim() ?? "";
  }
}
