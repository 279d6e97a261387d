// @ts-check
/** The page `/user`: find an event, take a seat, confirm it in time, give it up; be told of it. */
import { AccountPanel } from "./account.js";
import { book, getUserBookings, getUserWaitlist } from "./api.js";
import { showControls, showSeats, statusText, wireControls } from "./bookings.js";
import { startCountdowns } from "./countdown.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { showWhenAndWhere } from "./event-details.js";
import { EventList, eventState, showEvent } from "./events.js";
import { onLanguageChange, t } from "./i18n.js";
import { keepBooking, loadKeptBookings, takeMailedLink } from "./mailed-bookings.js";
import { tellConnection, tellDone, tellError, whisper } from "./notices.js";
import { askToUnsubscribe, NotificationSettingsPanel } from "./notification-settings.js";
import { Poller } from "./poller.js";
import { SeatsDialog } from "./seats-dialog.js";
import { startSearch } from "./search.js";
import { startSession } from "./session.js";
import { TelegramPanel } from "./telegram.js";
import { Waitlists, placeText } from "./waitlist.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./api.js").BookableEvent} BookableEvent */

const main = part(document, "main");
const mailed = takeMailedLink();
if (mailed?.purpose === "booking") keepBooking(mailed);
const session = await startSession();
if (session) start(session);
else main.dataset.state = "broken";

/** @param {Session} session */
function start({ user, auth_mode: mode, email_proven: proven = true }) {
  /** @type {Booking[]} the user's, newest first, and then those that mails have opened, which have a token */
  let bookings = [];
  /** Whether the earlier events are to be opened if nothing else is found. */
  let reveal = true;
  const card = { create: createCard, update: updateCard };
  const upcoming = new EventList(part(main, "upcoming"), false, card);
  const earlier = new EventList(part(main, "earlier"), true, card);
  const poller = new Poller(load, show, tellConnection);
  const refresh = () => poller.refresh();
  const seatsDialog = new SeatsDialog(part(document, "seats-dialog"), refresh);
  const waitlists = user && new Waitlists(part(main, "waits"), { email: user.email, name: user.name }, refresh);
  const telegram = user && new TelegramPanel(part(main, "telegram"), user.id, refresh);

  if (user && mode === "required") {
    new AccountPanel(part(main, "account"), part(document, "erase-dialog"), user, proven);
  }

  if (user) new NotificationSettingsPanel(part(main, "told-by"), user.id);
  if (mailed?.purpose === "unsubscribe") askToUnsubscribe(part(main, "unsubscribe"), mailed);

  startSearch(part(main, "search"), (query) => {
    upcoming.query = query;
    earlier.query = query;
    reveal = true;
    void refresh();
  });
  part(main, "earlier").addEventListener("toggle", refresh);
  startCountdowns({
    onUrgent: (element) => whisper(t("booking.minute_left", { name: element.dataset.name ?? "" })),
    onZero: () => poller.nudge(),
  });
  onLanguageChange(render);
  main.dataset.state = user ? "known" : "anonymous";
  void poller.start();

  async function load() {
    const none = { items: [], next: null };
    const [coming, past, mine, waits, kept, reach] = await Promise.all([
      upcoming.load(),
      part(main, "earlier").open ? earlier.load() : none,
      user ? getUserBookings(user.id) : none,
      user ? getUserWaitlist(user.id) : none,
      loadKeptBookings(),
      telegram ? telegram.load() : null,
    ]);
    const own = new Set(mine.items.map(({ id }) => id));
    const bookings = [...mine.items, ...kept.filter(({ id }) => !own.has(id))];
    return { coming, past, mine: bookings, waits: waits.items, reach };
  }

  /** @param {Awaited<ReturnType<typeof load>>} loaded */
  function show({ coming, past, mine, waits, reach }) {
    main.removeAttribute("aria-busy");
    tellConnection();
    tellOfLapsed(mine);
    bookings = mine;
    waitlists?.show(waits);
    upcoming.show(coming);
    earlier.show(past);
    showBookings();
    if (reach) telegram?.show(reach);
    if (reveal && coming.items.length === 0) part(main, "earlier").open = true;
    reveal = false;
  }

  /** @param {Booking[]} mine as they are now */
  function tellOfLapsed(mine) {
    const held = new Set(bookings.filter(({ status }) => status === "pending").map(({ id }) => id));
    const lapsed = mine.find(({ id, cancel_reason }) => held.has(id) && cancel_reason === "expired");
    if (lapsed) tellDone(t("booking.done.expired", { name: lapsed.event_name ?? "" }));
  }

  function render() {
    upcoming.render();
    earlier.render();
    waitlists?.render();
    showBookings();
    telegram?.render();
  }

  function showBookings() {
    setText(part(main, "anonymous"), t(`user.mine.anonymous.${mode}`));
    const mine = bookings.filter(({ token }) => token === undefined);
    const live = mine.filter(({ status }) => status !== "canceled");
    const canceled = mine.filter(({ status }) => status === "canceled");
    part(main, "mine-empty").hidden = mine.length > 0;
    reconcile(part(main, "mine"), [...live, ...canceled], ({ id }) => id, createBooking, updateBooking);
    const opened = bookings.filter(({ token }) => token !== undefined);
    reconcile(part(main, "opened"), opened, ({ id }) => id, createBooking, updateBooking);
  }

  /** @param {Booking} first */
  function createBooking({ id }) {
    const item = stamp("booking");
    const current = () => target(bookings.find((booking) => booking.id === id));
    wireControls(item, current, refresh);
    part(item, "fewer").addEventListener("click", () => seatsDialog.ask(current().booking));
    return item;
  }

  /** @param {HTMLElement} item @param {Booking} booking */
  function updateBooking(item, booking) {
    item.dataset.state = booking.status;
    setText(part(item, "name"), booking.event_name ?? "");
    const { event_date, event_timezone, event_place } = booking;
    showWhenAndWhere(item, event_date ?? "", event_timezone ?? "", event_place ?? null);
    showSeats(item, booking);
    setText(part(item, "status"), statusText(booking, true));
    part(item, "fewer").hidden = booking.status === "canceled" || booking.seats === 1 || booking.token !== undefined;
    part(item, "fewer").setAttribute("aria-label", t("booking.fewer.label", { name: booking.event_name ?? "" }));
    showControls(item, booking, booking.event_name ?? "");
  }

  /** @param {number} eventId @returns {Booking | undefined} */
  function live(eventId) {
    return bookings.find(({ event_id, status }) => event_id === eventId && status !== "canceled");
  }

  /** @param {Booking | undefined} booking */
  function target(booking) {
    if (!booking) throw new Error("a button of a booking that is not there");
    return { booking, name: booking.event_name ?? "" };
  }

  /** @param {BookableEvent} event */
  function createCard({ id }) {
    const card = stamp("event");
    const button = part(card, "book");
    const [wait, leave, count] = ["wait", "leave", "count-input"].map((name) => part(card, name));
    button.addEventListener("click", () => whileBusy(button, () => take(id, count.value)));
    wait.addEventListener("click", () => whileBusy(wait, async () => waitlists?.join(id, eventOf(id).name, count.value)));
    leave.addEventListener("click", () => whileBusy(leave, async () => {
      const entry = waitlists?.of(id);
      if (entry) await waitlists?.leave(entry);
    }));
    count.addEventListener("input", () => updateCard(card, eventOf(id)));
    wireControls(card, () => target(live(id)), refresh);
    return card;
  }

  /** @param {number} id */
  function eventOf(id) {
    const event = [...upcoming.events, ...earlier.events].find((candidate) => candidate.id === id);
    if (!event) throw new Error("a button of an event that is not there");
    return event;
  }

  /** @param {HTMLElement} card @param {BookableEvent} event */
  function updateCard(card, event) {
    const mine = live(event.id);
    const entry = mine ? undefined : waitlists?.of(event.id);
    const state = entry ? "waiting" : eventState(event, mine);
    showEvent(card, event, state);
    const isFull = state === "sold_out" || Number(part(card, "count-input").value) > event.available_seats;
    const takesBookings = Boolean(user) && (state === "open" || state === "sold_out");
    part(card, "book").hidden = !takesBookings || isFull;
    part(card, "wait").hidden = !takesBookings || !isFull;
    part(card, "wait").setAttribute("aria-label", t("waitlist.join.label", { name: event.name }));
    part(card, "leave").hidden = !entry;
    part(card, "leave").setAttribute("aria-label", t("waitlist.leave.label", { name: event.name }));
    part(card, "waiting").hidden = !entry;
    setText(part(card, "waiting"), entry ? placeText(entry) : "");
    part(card, "book").setAttribute("aria-label", t("event.book.label", { name: event.name }));
    part(card, "count").hidden = !takesBookings || event.max_seats_per_booking === 1;
    part(card, "count-input").max = String(event.max_seats_per_booking);
    part(card, "sign-in").hidden = state !== "open" || Boolean(user);
    setText(part(card, "sign-in"), t(`event.anonymous.${mode}`));
    part(card, "hold-minutes").hidden = state !== "open";
    showControls(card, mine, event.name);
  }

  /** @param {number} eventId @param {string} seats as typed */
  async function take(eventId, seats) {
    if (!user) return;
    const { name } = eventOf(eventId);
    try {
      await book(eventId, { email: user.email, name: user.name, seats: Number(seats) });
      tellDone(t("booking.done.booked", { name }));
    } catch (error) {
      tellError(error);
    }
    await refresh();
  }
}
