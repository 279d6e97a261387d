// @ts-check
/** What the pages for those who book have in common: the reader's own bookings, kept up to date beside what the page shows. */
import { rememberedSince } from "./api.js";
import { startCountdowns } from "./countdown.js";
import { part, setText } from "./dom.js";
import { EventActions } from "./event-actions.js";
import { HoldBar } from "./hold-bar.js";
import { formatTime, onLanguageChange, t } from "./i18n.js";
import { onKeptElsewhere } from "./kept.js";
import { Live } from "./live.js";
import { Mine } from "./mine.js";
import { tellConnection, whisper } from "./notices.js";
import { Poller } from "./poller.js";
import { WhoDialog } from "./who-dialog.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {{mine: Mine, actions: EventActions, refresh: () => Promise<void>}} Tools */
/** @template T @typedef {{load: () => Promise<T>, show: (loaded: T) => void, render: () => void, eventIds: () => number[], showOwn?: () => void,
 *   takeSeats: (seats: import("./live.js").Seats) => void}} View
 *   what a page shows: `show` is given what `load` has found, `render` draws it again in another language, `takeSeats` is
 *   told what changes of the events that `eventIds` names */

/** @template T @param {Session} session @param {(tools: Tools) => View<T>} makeView */
export function startReader({ user, auth_mode }, makeView) {
  const main = part(document, "main");
  const mine = new Mine(user);
  const live = new Live({
    onSeats: (seats) => view.takeSeats(seats),
    onBookings: (newest) => !mine.knows(newest) && void poller.refresh(),
    onLost: () => poller.nudge(),
  });
  const poller = new Poller(load, show, fail, () => live.connected);
  const refresh = () => poller.refresh();
  const bar = new HoldBar(part(document, "hold-bar"), mine, refresh);
  const actions = new EventActions(mine, new WhoDialog(part(document, "who-dialog"), auth_mode), refresh);
  const view = makeView({ mine, actions, refresh });

  startCountdowns({
    onUrgent: ({ dataset: { name = "" } }) => whisper(t("booking.minute_left", { name })),
    onZero: () => poller.nudge(),
  });
  onKeptElsewhere(refresh);
  onLanguageChange(() => {
    view.render();
    bar.render();
  });
  void poller.start();

  async function load() {
    const [own, seen] = await Promise.all([mine.load(), view.load()]);
    return { own, seen };
  }

  /** What is one's own can be read without a network: as it was when there was one. @param {unknown} error */
  async function fail(error) {
    tellConnection(error);
    const asOf = part(document, "as-of");
    setText(asOf, "");
    try {
      mine.show(await mine.load());
    } catch {
      return; // nothing is known
    }
    const since = rememberedSince();
    if (since === null) return;
    main.removeAttribute("aria-busy");
    setText(asOf, t("app.as_of", { time: formatTime(since) }));
    view.showOwn?.();
    bar.render();
  }

  /** @param {Awaited<ReturnType<typeof load>>} loaded */
  function show({ own, seen }) {
    main.removeAttribute("aria-busy");
    tellConnection();
    mine.show(own);
    view.show(seen);
    bar.render();
    live.watch({ events: view.eventIds(), user: user?.id, guestBookings: mine.bookings.filter(({ token }) => token) });
  }
}
