// @ts-check
/** Who is expected, by name: for whoever has no ticket at hand. */
import { getExpected } from "./api.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { onSearch } from "./forms.js";
import { formatHour, t, tn } from "./i18n.js";
import { errorText } from "./notices.js";

/** @typedef {import("./api.js").ExpectedBooking} ExpectedBooking */
/** @typedef {import("./door-access.js").Door} Door */

export class ExpectedList {
  /** @type {ExpectedBooking[]} */
  #found = [];
  #turn = 0;
  /** @type {unknown} */
  #error = null;

  /**
   * @param {HTMLElement} root holds the parts `search`, `found` and `found-none`
   * @param {() => Door} door @param {boolean} mayUndo
   * @param {{letIn: (booking: ExpectedBooking) => Promise<void>, undo: (booking: ExpectedBooking) => Promise<void>}} actions
   */
  constructor(root, door, mayUndo, actions) {
    this.root = root;
    this.door = door;
    this.mayUndo = mayUndo;
    this.actions = actions;
    this.input = /** @type {HTMLInputElement} */ (part(root, "search"));
    if (this.input.form) onSearch(this.input.form, () => void this.refresh());
  }

  /** Look the typed name up as things stand now. */
  async refresh() {
    const turn = ++this.#turn;
    const name = this.input.value.trim();
    const { event_id, token } = this.door();
    try {
      const found = name ? await getExpected(event_id, name, token) : [];
      if (turn !== this.#turn) return;
      this.#found = found;
      this.#error = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#found = [];
      this.#error = error;
    }
    this.render();
  }

  render() {
    reconcile(part(this.root, "found"), this.#found, ({ id }) => id, ({ id }) => this.#create(id), (item, booking) => this.#update(item, booking));
    const none = part(this.root, "found-none");
    setText(none, this.#error ? errorText(this.#error) : t("door.search.none"));
    none.hidden = this.#found.length > 0 || !this.input.value.trim();
  }

  /** @param {number} id */
  #create(id) {
    const item = stamp("expected");
    for (const action of /** @type {const} */ (["letIn", "undo"])) {
      const button = part(item, action);
      button.addEventListener("click", () =>
        whileBusy(button, async () => {
          const booking = this.#found.find((candidate) => candidate.id === id);
          if (booking) await this.actions[action](booking);
          await this.refresh();
        }));
    }
    return item;
  }

  /** @param {HTMLElement} item @param {ExpectedBooking} booking */
  #update(item, { user_name: name, seats, checked_in_at: at, checked_in_by: by }) {
    item.dataset.state = at ? "in" : "expected";
    setText(part(item, "name"), name);
    setText(part(item, "seats"), tn("booking.seats", seats));
    const time = at ? formatHour(at) : "";
    setText(part(item, "since"), !at ? "" : by ? t("door.since_at", { time, door: by }) : t("door.since", { time }));
    part(item, "letIn").hidden = Boolean(at);
    part(item, "letIn").setAttribute("aria-label", t("door.let_in.label", { name }));
    part(item, "undo").hidden = !at || !this.mayUndo;
    part(item, "undo").setAttribute("aria-label", t("door.undo.label", { name }));
  }
}
