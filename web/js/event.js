// @ts-check
/** The page of one event, `/events/7`. The server has filled it in; here it is kept up to date and can be booked. */
import { getEvent } from "./api.js";
import { part, whileBusy } from "./dom.js";
import { eventState, showDay, showEvent } from "./events.js";
import { t } from "./i18n.js";
import { tellDone } from "./notices.js";
import { startReader } from "./reader.js";
import { startSession } from "./session.js";

/** @typedef {import("./api.js").BookableEvent} BookableEvent */

const main = part(document, "main");
const root = part(main, "event");
/** @type {BookableEvent} */
let event = JSON.parse(main.dataset.event ?? "");
showEvent(root, event, eventState(event));
showDay(part(root, "date-block"), event.date, event.timezone);
const session = await startSession();
if (session) startReader(session, makeView);
else main.dataset.state = "broken";

/** @param {import("./reader.js").Tools} tools @returns {import("./reader.js").View<BookableEvent>} */
function makeView({ actions }) {
  actions.wire(root, () => event);
  const share = part(root, "share");
  share.addEventListener("click", () => whileBusy(share, () => shareLink(event)));
  main.dataset.state = "ready";
  render();
  return { load: () => getEvent(event.id), show, render, eventIds: () => [event.id], takeSeats };

  /** @param {BookableEvent} now */
  function show(now) {
    event = now;
    render();
  }

  /** @param {import("./live.js").Seats} seats */
  function takeSeats(seats) {
    show({ ...event, ...seats });
  }

  function render() {
    document.title = `${event.name} · EventBooker`;
    showDay(part(root, "date-block"), event.date, event.timezone);
    actions.show(root, event, false);
  }
}

/** By the device's own way of sharing, where it has one; else for the clipboard. @param {BookableEvent} event */
async function shareLink({ id, name }) {
  const url = new URL(`/events/${id}`, location.href).href;
  try {
    if (navigator.share) await navigator.share({ title: name, url });
    else {
      await navigator.clipboard.writeText(url);
      tellDone(t("event.share.copied"));
    }
  } catch {
    // Nothing was shared: the reader thought better of it, or the browser allows neither; the address bar has the link.
  }
}
