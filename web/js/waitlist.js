// @ts-check
/** The reader's places in line, as `/user` lists them. */
import { leaveWaitlist } from "./api.js";
import { showSeats } from "./bookings.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { showWhenAndWhere } from "./event-details.js";
import { formatNumber, t } from "./i18n.js";
import { tellDone, tellError } from "./notices.js";

/** @typedef {import("./api.js").WaitlistEntry} WaitlistEntry */

/** @param {WaitlistEntry} entry @returns {string} the place in the line */
export const placeText = ({ position }) => t("waitlist.place", { position: formatNumber(position ?? 0) });

/**
 * Give the place up.
 * @param {WaitlistEntry} entry @param {string} name of the event @param {() => Promise<void>} refresh
 */
export async function leave(entry, name, refresh) {
  try {
    await leaveWaitlist(entry);
    tellDone(t("waitlist.left", { name }));
  } catch (error) {
    tellError(error);
  }
  await refresh();
}

/** @param {HTMLElement} list @param {WaitlistEntry[]} entries @param {() => Promise<void>} refresh */
export function showWaits(list, entries, refresh) {
  const waiting = entries.filter(({ status }) => status === "waiting");
  reconcile(list, waiting, ({ id }) => id, (entry) => create(entry, refresh), update);
}

/** @param {WaitlistEntry} entry @param {() => Promise<void>} refresh */
function create(entry, refresh) {
  const item = stamp("wait");
  const button = part(item, "leave");
  button.addEventListener("click", () => whileBusy(button, () => leave(entry, entry.event_name ?? "", refresh)));
  return item;
}

/** @param {HTMLElement} item @param {WaitlistEntry} entry */
function update(item, entry) {
  const name = entry.event_name ?? "";
  setText(part(item, "name"), name);
  part(item, "name").href = `/events/${entry.event_id}`;
  showWhenAndWhere(item, entry.event_date ?? "", entry.event_timezone ?? "", entry.event_place ?? null);
  showSeats(item, entry);
  setText(part(item, "waiting"), placeText(entry));
  part(item, "leave").setAttribute("aria-label", t("waitlist.leave.label", { name }));
}
