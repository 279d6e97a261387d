// @ts-check
/** Asks again and again while the page is looked at, and lets only the newest answer through. */

const EVERY_MS = 5_000;
const WHILE_LIVE_MS = 10_000;
const SELDOM_MS = 30_000;

/** Less often for whoever pays for each byte. @param {boolean} isLive @param {number} usual */
function pause(isLive, usual) {
  if (matchMedia("(prefers-reduced-data: reduce)").matches) return SELDOM_MS;
  return isLive ? WHILE_LIVE_MS : usual;
}

/** @template T */
export class Poller {
  #turn = 0;
  #asking = false;
  #timer = 0;

  /**
   * @param {() => Promise<T>} load
   * @param {(loaded: T) => void} apply
   * @param {(error: unknown) => void} fail
   * @param {() => boolean} [isLive] whether most of what changes is told anyway
   * @param {number} [every] in milliseconds, while it is not
   */
  constructor(load, apply, fail, isLive = () => false, every = EVERY_MS) {
    this.load = load;
    this.apply = apply;
    this.fail = fail;
    this.isLive = isLive;
    this.every = every;
  }

  start() {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) clearTimeout(this.#timer);
      else void this.refresh();
    });
    window.addEventListener("online", () => void this.refresh());
    return this.refresh();
  }

  /** Ask now. An answer still under way to an earlier question is dropped: it may show the time before an action. */
  async refresh() {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#asking = true;
    try {
      const loaded = await this.load();
      if (turn === this.#turn) this.apply(loaded);
    } catch (error) {
      if (turn === this.#turn) this.fail(error);
    }
    if (turn !== this.#turn) return;
    this.#asking = false;
    if (!document.hidden) this.#timer = window.setTimeout(() => void this.refresh(), pause(this.isLive(), this.every));
  }

  /** Ask now, unless an answer is under way that will do. */
  nudge() {
    if (!this.#asking) void this.refresh();
  }
}
