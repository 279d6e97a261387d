// @ts-check
/** The part of `/admin` that creates the events of a file: first it says what is wrong with each line, then it creates all. */
import { ApiError, importEvents } from "./api.js";
import { part, setText, whileBusy } from "./dom.js";
import { onSubmit } from "./forms.js";
import { formatTime, has, onLanguageChange, t, tn } from "./i18n.js";
import { errorText, tellDone } from "./notices.js";

/** @typedef {import("./api.js").ImportedLine} ImportedLine */

export class ImportPanel {
  /** @type {ImportedLine[]} what a dry run said of the file that is chosen */
  #lines = [];

  /** @param {HTMLElement} root holds the parts `form`, `create`, `told` and `lines` @param {() => unknown} created */
  constructor(root, created) {
    this.root = root;
    this.created = created;
    /** @type {HTMLFormElement} */
    this.form = part(root, "form");
    const create = part(root, "create");
    onSubmit(this.form, () => this.#check());
    this.form.addEventListener("input", () => this.#show([]));
    create.addEventListener("click", () => whileBusy(create, () => this.#create()));
    onLanguageChange(() => this.#show(this.#lines));
  }

  async #check() {
    this.#show([]);
    const { lines } = await this.#send(true);
    this.#show(lines);
  }

  async #create() {
    try {
      const { lines } = await this.#send(false);
      tellDone(tn("import.created", lines.length));
      this.form.reset();
      this.#show([]);
      await this.created();
    } catch (error) {
      const summary = part(this.form, "form-error");
      summary.textContent = errorText(error);
      summary.hidden = false;
    }
  }

  /** @param {boolean} dryRun */
  #send(dryRun) {
    const chosen = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("file")).files?.[0];
    if (!chosen) throw new ApiError(0, "invalid", "", [{ field: "file", message: "" }]);
    const seats = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("total_seats")).value.trim();
    return importEvents(chosen, dryRun, seats);
  }

  /** @param {ImportedLine[]} lines */
  #show(lines) {
    this.#lines = lines;
    const wrong = lines.filter(({ errors }) => errors.length > 0);
    const fits = lines.length > 0 && wrong.length === 0;
    setText(part(this.root, "told"), told(lines.length, wrong.length));
    part(this.root, "create").hidden = !fits;
    setText(part(this.root, "create"), tn("import.create", lines.length));
    part(this.root, "lines").replaceChildren(...(fits ? lines : wrong).map(item));
  }
}

/** @param {number} lines @param {number} wrong */
function told(lines, wrong) {
  if (lines === 0) return "";
  return wrong === 0 ? t("import.fits") : tn("import.wrong", wrong);
}

/** @param {ImportedLine} line */
function item({ line, errors, event }) {
  const said = event
    ? `${event.name}, ${formatTime(event.date, event.timezone)}, ${tn("import.total_seats", event.total_seats)}`
    : errors.map(({ field, message }) => `${field}: ${inWords(field) ?? message}`).join("; ");
  const element = document.createElement("li");
  element.dir = "auto";
  element.textContent = `${t("import.line", { line })}: ${said}`;
  return element;
}

/** @param {string} field */
function inWords(field) {
  const key = `invalid.${field === "name" ? "event_name" : field}`;
  return has(key) ? t(key) : null;
}
