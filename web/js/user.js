// @ts-check
/** The page `/user`: one's own bookings, and events to book; how to be told; one's account. */
import { AccountPanel } from "./account.js";
import { showControls, showSeats, showTicketLinks, statusText, wireControls } from "./bookings.js";
import { CalendarPanel } from "./calendar.js";
import { serverNow } from "./clock.js";
import { part, reconcile, setText, stamp } from "./dom.js";
import { showWhenAndWhere } from "./event-details.js";
import { t } from "./i18n.js";
import { keep, takeMailedLink } from "./kept.js";
import { askToUnsubscribe, NotificationSettingsPanel } from "./notification-settings.js";
import { startReader } from "./reader.js";
import { SeatsDialog } from "./seats-dialog.js";
import { startSession } from "./session.js";
import { TelegramPanel } from "./telegram.js";
import { showWaits } from "./waitlist.js";
import { EventWindow } from "./window.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./reader.js").Tools} Tools */

const DAY_MS = 86_400_000;

const main = part(document, "main");
const mailed = takeMailedLink();
if (mailed?.purpose === "booking") keep("bookings", mailed);
const session = await startSession();
if (session) start(session);
else main.dataset.state = "broken";

/** @param {Session} session */
function start(session) {
  const { user, auth_mode: mode, email_proven: proven = true } = session;
  if (user && mode === "required") {
    new AccountPanel(part(main, "account"), part(document, "erase-dialog"), user, proven);
  }
  if (user) new CalendarPanel(part(main, "calendar-feed"), user.id);
  const settings = user && new NotificationSettingsPanel(part(main, "told-by"), user.id);
  if (mailed?.purpose === "unsubscribe") askToUnsubscribe(part(main, "unsubscribe"), mailed);
  main.dataset.state = user ? "known" : "anonymous";
  startReader(session, (tools) => makeView(session, tools, settings));
}

/** @param {Session} session @param {Tools} tools @param {NotificationSettingsPanel | null} settings */
function makeView({ user, auth_mode: mode }, tools, settings) {
  const { mine, refresh } = tools;
  const events = new EventWindow(part(main, "window"), tools);
  const seatsDialog = new SeatsDialog(part(document, "seats-dialog"), refresh);
  const telegram = user && new TelegramPanel(part(main, "telegram"), user.id, refresh);
  return { load, show, render, eventIds: () => events.eventIds(), takeSeats: (seats) => events.takeSeats(seats), showOwn: showMine };

  async function load() {
    const [seen, reach] = await Promise.all([events.load(), telegram?.load(), settings?.loaded]);
    return { seen, reach };
  }

  /** @param {Awaited<ReturnType<typeof load>>} loaded */
  function show({ seen, reach }) {
    events.show(seen);
    if (reach) telegram?.show(reach);
    showMine();
  }

  function render() {
    events.render();
    telegram?.render();
    showMine();
  }

  function showMine() {
    setText(part(main, "anonymous"), t(`user.mine.anonymous.${mode}`));
    setText(part(main, "mine-empty"), t("user.mine.empty"));
    const now = mine.bookings.filter((booking) => !isOver(booking));
    const live = now.filter(({ status }) => status !== "canceled");
    const canceled = now.filter(({ status }) => status === "canceled");
    const over = mine.bookings.filter(isOver);
    const waits = mine.waits.some(({ status }) => status === "waiting");
    part(main, "mine-empty").hidden = now.length > 0 || waits;
    part(main, "ended").hidden = over.length === 0;
    showWaits(part(main, "waits"), mine.waits, refresh);
    reconcile(part(main, "mine"), [...live, ...canceled], ({ id }) => id, createBooking, updateBooking);
    reconcile(part(main, "canceled"), over, ({ id }) => id, createBooking, updateBooking);
  }

  /** @param {Booking} first */
  function createBooking({ id, event_id }) {
    const item = stamp("booking");
    const current = () => {
      const booking = mine.bookings.find((candidate) => candidate.id === id);
      if (!booking) throw new Error("a button of a booking that is not there");
      return { booking, name: booking.event_name ?? "" };
    };
    part(item, "name").href = `/events/${event_id}`;
    wireControls(item, current, refresh);
    part(item, "fewer").addEventListener("click", () => seatsDialog.ask(current().booking));
    return item;
  }

  /** @param {HTMLElement} item @param {Booking} booking */
  function updateBooking(item, booking) {
    const { event_name: name = "", event_date = "", event_timezone = "", event_place = null } = booking;
    item.dataset.state = booking.status;
    setText(part(item, "name"), name);
    showWhenAndWhere(item, event_date, event_timezone, event_place);
    showSeats(item, booking);
    setText(part(item, "status"), statusText(booking, true));
    part(item, "fewer").hidden = booking.status === "canceled" || booking.seats === 1;
    part(item, "fewer").setAttribute("aria-label", t("booking.fewer.label", { name }));
    showTicketLinks(item, booking, name);
    showControls(item, booking, name);
  }
}

/** Whether a booking is no longer news: canceled, or for an event that began, more than a day ago. @param {Booking} booking */
function isOver({ canceled_at, event_date, created_at }) {
  const ended = canceled_at ?? (Date.parse(event_date ?? "") > Date.parse(created_at) ? event_date : null);
  return ended != null && serverNow() - Date.parse(ended) > DAY_MS;
}
