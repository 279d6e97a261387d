// @ts-check
/** The page `/admin/events/7`: how one event does, who comes, and all that its organiser does about it. */
import { ApiError, getEventProblems, getEventWaitlist, getManagedEvent } from "./api.js";
import { AttendeeList } from "./attendee-list.js";
import { showSeats } from "./bookings.js";
import { startCountdowns } from "./countdown.js";
import { part, reconcile, setText, stamp } from "./dom.js";
import { CancelDialog } from "./event-cancel.js";
import { CopyDialog } from "./event-copy.js";
import { showWhenAndWhere } from "./event-details.js";
import { EventForm } from "./event-form.js";
import { EventFigures } from "./figures.js";
import { formatNumber, onLanguageChange, t, tn } from "./i18n.js";
import { Live } from "./live.js";
import { tellConnection, tellDone } from "./notices.js";
import { showProblems } from "./notifications.js";
import { Poller } from "./poller.js";
import { ReasonDialog } from "./reason-dialog.js";
import { occupancy, showSeatBar, showState } from "./seat-bar.js";
import { mayManage, startSession } from "./session.js";
import { placeText } from "./waitlist.js";

/** @typedef {import("./api.js").WatchedEvent} WatchedEvent */
/** @typedef {import("./api.js").WaitlistEntry} WaitlistEntry */
/** @typedef {import("./api.js").Notification} Notification */

const main = part(document, "main");
const session = await startSession();
if (!session) main.dataset.state = "broken";
else if (mayManage(session)) start();
else main.dataset.state = "forbidden";

function start() {
  const id = Number(main.dataset.event);
  const root = part(main, "event");
  /** @type {WatchedEvent | null} */
  let event = null;
  /** @type {WaitlistEntry[]} */
  let line = [];
  /** @type {Notification[]} */
  let problems = [];

  const poller = new Poller(load, show, fail, () => live.connected);
  const refresh = () => poller.refresh();
  const live = new Live({
    onSeats: (seats) => event && event.available_seats !== seats.available_seats && poller.nudge(),
    onLost: () => poller.nudge(),
  });
  const attendees = new AttendeeList(main, id, new ReasonDialog(part(document, "reason-dialog"), refresh));
  const figures = new EventFigures(part(root, "figures"), id);
  const form = new EventForm(part(document, "editor"), async ({ name }) => {
    tellDone(t("admin.changed", { name }));
    await refresh();
  });
  const cancelDialog = new CancelDialog(part(document, "cancel-event-dialog"), async ({ name }) => {
    tellDone(t("admin.canceled", { name }));
    await refresh();
  });
  const copyDialog = new CopyDialog(part(document, "copy-event-dialog"), refresh);

  part(root, "edit").addEventListener("click", () => event && form.edit(event));
  part(root, "copy").addEventListener("click", () => event && copyDialog.ask(event));
  part(root, "cancel-event").addEventListener("click", () => event && cancelDialog.ask(event));
  part(root, "door").href = `/door?event=${id}`;
  part(root, "page").href = `/events/${id}`;
  part(root, "print").href = `/events/${id}/attendees`;
  part(root, "table").href = `/events/${id}/bookings.csv`;
  startCountdowns({ onUrgent: () => {}, onZero: () => poller.nudge() });
  onLanguageChange(() => {
    if (!event) return;
    render(event);
    attendees.render();
    figures.render();
    form.render();
  });
  void poller.start();

  /** The rest is asked for only when the event itself tells that something has happened. */
  async function load() {
    const isFirst = event === null;
    const [now] = await Promise.all([getManagedEvent(id), isFirst ? attendees.refresh() : null]);
    if (now === event) return { now, line, problems };
    const [waits, troubles] = await Promise.all([
      now.waiting > 0 || line.length > 0 ? getEventWaitlist(id) : { items: [] },
      now.problems > 0 ? getEventProblems(id) : { items: [] },
      isFirst ? null : attendees.refresh(),
    ]);
    return { now, line: waits.items, problems: troubles.items };
  }

  /** @param {Awaited<ReturnType<typeof load>>} loaded */
  function show(loaded) {
    const isNews = loaded.now !== event;
    ({ now: event, line, problems } = loaded);
    tellConnection();
    main.dataset.state = "ready";
    main.removeAttribute("aria-busy");
    live.watch({ events: event.canceled_at ? [] : [id] });
    if (isNews) {
      render(event);
      void figures.refresh();
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    if (!event && error instanceof ApiError && error.code === "event_not_found") {
      main.dataset.state = "missing";
      main.removeAttribute("aria-busy");
    } else tellConnection(error);
  }

  /** @param {WatchedEvent} shown */
  function render(shown) {
    const { name, date, timezone, place, canceled_at } = shown;
    document.title = t("managed.title", { name });
    setText(part(root, "name"), name);
    showWhenAndWhere(root, date, timezone, place);
    showState(root, shown);
    showOccupancy(root, shown);
    for (const action of ["edit", "cancel-event"]) part(root, action).hidden = canceled_at !== null;
    part(main, "waiting-list").hidden = line.length === 0;
    reconcile(part(main, "line"), line, (entry) => entry.id, () => stamp("entry"), showEntry);
    part(main, "problems").hidden = problems.length === 0;
    showProblems(part(main, "problem-list"), problems, refresh);
  }
}

/** @param {HTMLElement} root @param {WatchedEvent} event */
function showOccupancy(root, event) {
  showSeatBar(root, event);
  const { confirmed, held, free, waiting } = occupancy(event);
  setText(part(root, "confirmed-seats"), formatNumber(confirmed));
  setText(part(root, "held-seats"), formatNumber(held));
  setText(part(root, "free-seats"), formatNumber(free));
  setText(part(root, "waiting-people"), formatNumber(waiting));
  setText(part(root, "all-seats"), formatNumber(event.total_seats));
  part(root, "trouble").hidden = event.problems === 0;
  setText(part(root, "trouble-link"), event.problems === 0 ? "" : tn("managed.trouble", event.problems));
}

/** @param {HTMLElement} item @param {WaitlistEntry} entry */
function showEntry(item, entry) {
  setText(part(item, "user-name"), entry.user_name ?? "");
  setText(part(item, "user-email"), entry.user_email ?? "");
  showSeats(item, entry);
  setText(part(item, "waiting"), entry.status === "waiting" ? placeText(entry) : t("waitlist.status.offered"));
}
