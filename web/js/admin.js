// @ts-check
/** The page `/admin`: create, change and cancel events, see to their bookings and to the messages about them. */
import { createResetLink, getEventBookings, getEventWaitlist, getNotifications, reviveBooking } from "./api.js";
import { showControls, showSeats, statusText, wireControls } from "./bookings.js";
import { startCountdowns } from "./countdown.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { CancelDialog } from "./event-cancel.js";
import { CopyDialog } from "./event-copy.js";
import { EventForm } from "./event-form.js";
import { EventList, eventState, showEvent } from "./events.js";
import { wireFigures } from "./figures.js";
import { formatHour, formatTime, onLanguageChange, t } from "./i18n.js";
import { ImportPanel } from "./import.js";
import { tellConnection, tellDone, tellError } from "./notices.js";
import { NotificationsPanel } from "./notifications.js";
import { Poller } from "./poller.js";
import { startSearch } from "./search.js";
import { mayManage, startSession } from "./session.js";
import { TokensPanel } from "./tokens.js";
import { placeText } from "./waitlist.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./api.js").Booking} Booking */
/** @typedef {import("./api.js").BookableEvent} BookableEvent */
/** @typedef {import("./api.js").WaitlistEntry} WaitlistEntry */

const BOOKINGS_AT_ONCE = 50;

const main = part(document, "main");
const session = await startSession();
if (!session) main.dataset.state = "broken";
else if (mayManage(session)) start();
else main.dataset.state = "forbidden";

function start() {
  /** @type {number | null} the event whose bookings are shown */
  let openId = null;
  /** @type {Booking[]} */
  let bookings = [];
  let moreBookings = false;
  /** @type {WaitlistEntry[]} who waits for the event whose bookings are shown */
  let line = [];
  let wanted = BOOKINGS_AT_ONCE;
  /** Whether the earlier events are to be opened if nothing else is found. */
  let reveal = true;
  const card = { create: createCard, update: updateCard };
  const upcoming = new EventList(part(main, "upcoming"), {}, card);
  const earlier = new EventList(part(main, "earlier"), { past: "1" }, card);
  const poller = new Poller(load, show, tellConnection);
  const refresh = () => poller.refresh();
  const messages = new NotificationsPanel(part(main, "notifications"), refresh);
  const form = new EventForm(part(main, "editor"), refresh);
  const cancelDialog = new CancelDialog(part(document, "cancel-event-dialog"), canceled);
  new TokensPanel(part(main, "tokens"));
  new ImportPanel(part(main, "import"), refresh);
  const copyDialog = new CopyDialog(part(document, "copy-event-dialog"), refresh);

  startSearch(part(main, "search"), (query) => {
    upcoming.query = query;
    earlier.query = query;
    reveal = true;
    void refresh();
  });
  part(main, "earlier").addEventListener("toggle", refresh);
  startCountdowns({ onUrgent: () => {}, onZero: () => poller.nudge() });
  onLanguageChange(render);
  main.dataset.state = "ready";
  void poller.start();

  async function load() {
    const [coming, past, booked, waits, told] = await Promise.all([
      upcoming.load(),
      part(main, "earlier").open ? earlier.load() : { items: [], next: null },
      openId === null ? { items: [], more: false } : getEventBookings(openId, wanted),
      openId === null ? { items: [] } : getEventWaitlist(openId),
      getNotifications(),
    ]);
    return { coming, past, booked, line: waits.items, told };
  }

  /** @param {Awaited<ReturnType<typeof load>>} loaded */
  function show({ coming, past, booked, line: waits, told }) {
    main.removeAttribute("aria-busy");
    tellConnection();
    bookings = booked.items;
    moreBookings = booked.more;
    line = waits;
    upcoming.show(coming);
    earlier.show(past);
    messages.show(told);
    if (reveal && coming.items.length === 0) part(main, "earlier").open = true;
    reveal = false;
  }

  function render() {
    upcoming.render();
    earlier.render();
    messages.render();
    form.render();
  }

  /** @param {BookableEvent} event */
  function createCard({ id }) {
    const card = stamp("event");
    const toggle = part(card, "toggle");
    const edit = part(card, "edit");
    const more = part(card, "more-bookings");
    toggle.addEventListener("click", () => whileBusy(toggle, () => open(openId === id ? null : id)));
    edit.addEventListener("click", () => form.edit(eventOf(id), edit));
    part(card, "copy").addEventListener("click", () => copyDialog.ask(eventOf(id)));
    part(card, "cancel-event").addEventListener("click", () => cancelDialog.ask(eventOf(id)));
    more.addEventListener("click", () => whileBusy(more, loadMoreBookings));
    wireFigures(part(card, "figures"), id);
    part(card, "attendees").href = `/events/${id}/attendees`;
    part(card, "table").href = `/events/${id}/bookings.csv`;
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
    const isOpen = event.id === openId;
    showEvent(card, event, eventState(event));
    const toggle = part(card, "toggle");
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.setAttribute("aria-label", t("admin.bookings.label", { name: event.name }));
    part(card, "door").href = `/door?event=${event.id}`;
    part(card, "door").setAttribute("aria-label", t("admin.door.label", { name: event.name }));
    part(card, "edit").setAttribute("aria-label", t("admin.edit.label", { name: event.name }));
    part(card, "copy").setAttribute("aria-label", t("admin.copy.label", { name: event.name }));
    part(card, "cancel-event").setAttribute("aria-label", t("admin.cancel.label", { name: event.name }));
    part(card, "panel").hidden = !isOpen;
    const shown = isOpen ? bookings : [];
    part(card, "no-bookings").hidden = shown.length > 0;
    part(card, "more-bookings").hidden = !moreBookings;
    reconcile(part(card, "bookings"), shown, ({ id }) => id, createBooking, updateBooking);
    const waits = isOpen ? line : [];
    part(card, "line-heading").hidden = waits.length === 0;
    reconcile(part(card, "line"), waits, ({ id }) => id, () => stamp("entry"), updateEntry);
  }

  /** @param {number | null} eventId */
  async function open(eventId) {
    openId = eventId;
    bookings = [];
    line = [];
    moreBookings = false;
    wanted = BOOKINGS_AT_ONCE;
    await refresh();
  }

  /** @param {BookableEvent} event */
  async function canceled({ id, name }) {
    tellDone(t("admin.canceled", { name }));
    form.forget(id);
    await (id === openId ? open(null) : refresh());
  }

  async function loadMoreBookings() {
    wanted += BOOKINGS_AT_ONCE;
    await refresh();
  }

  /** @param {Booking} first */
  function createBooking({ id }) {
    const item = stamp("booking");
    wireControls(item, () => target(id), refresh);
    const link = part(item, "reset-link");
    link.addEventListener("click", () => whileBusy(link, () => showResetLink(target(id).booking)));
    const revive = part(item, "revive");
    revive.addEventListener("click", () => whileBusy(revive, () => reviveLate(target(id))));
    return item;
  }

  /** @param {number} id */
  function target(id) {
    const booking = bookings.find((candidate) => candidate.id === id);
    if (!booking) throw new Error("a button of a booking that is not there");
    return { booking, name: booking.user_name ?? "" };
  }

  /** @param {HTMLElement} item @param {Booking} booking */
  function updateBooking(item, booking) {
    item.dataset.state = booking.status;
    setText(part(item, "user-name"), booking.user_name ?? "");
    setText(part(item, "user-email"), booking.user_email ?? "");
    showSeats(item, booking);
    setText(part(item, "status"), statusText(booking, false));
    setText(part(item, "booked-at"), t("admin.booked_at", { time: formatTime(booking.created_at) }));
    part(item, "reset-link").setAttribute("aria-label", t("admin.reset_link.label", { email: booking.user_email ?? "" }));
    showControls(item, booking, booking.user_name ?? "");
    part(item, "revive").hidden = booking.cancel_reason !== "expired";
    part(item, "revive").setAttribute("aria-label", t("admin.revive.label", { name: booking.user_name ?? "" }));
  }

  /** @param {{booking: Booking, name: string}} late */
  async function reviveLate({ booking, name }) {
    try {
      await reviveBooking(booking.id);
      tellDone(t("booking.done.confirmed", { name }));
    } catch (error) {
      tellError(error);
    }
    await refresh();
  }

  /** @param {HTMLElement} item @param {WaitlistEntry} entry */
  function updateEntry(item, entry) {
    setText(part(item, "user-name"), entry.user_name ?? "");
    setText(part(item, "user-email"), entry.user_email ?? "");
    showSeats(item, entry);
    setText(part(item, "waiting"), entry.status === "waiting" ? placeText(entry) : t("waitlist.status.offered"));
  }
}

/** @param {Booking} booking of the person who is to get the link */
async function showResetLink({ user_id, user_email }) {
  const dialog = part(document, "reset-link-dialog");
  try {
    const { url, expires_at } = await createResetLink(user_id);
    part(dialog, "url").value = url;
    setText(part(dialog, "text"), t("admin.reset_link.text", { email: user_email ?? "", time: formatHour(expires_at) }));
    dialog.showModal();
    part(dialog, "url").select();
  } catch (error) {
    tellError(error);
  }
}
