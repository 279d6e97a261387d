// @ts-check
/** At which door this page stands: as a link with a door's token says, or an admin chose, or this phone remembers. */
import { drop, keep, kept } from "./door-storage.js";

/**
 * @typedef {{event_id: number, token?: string, name: string, event_name?: string}} Door
 *   `token`: opens this door alone; without one it takes the session of an admin; `name`: what the door is called
 */

const STORED_AS = "door";

/** The door this page was opened for, if any. @returns {Door | null} */
export function findDoor() {
  const door = takeLink() ?? fromAddress() ?? rememberedDoor();
  if (door) rememberDoor(door);
  return door;
}

/** @param {Door} door */
export const rememberDoor = (door) => keep(STORED_AS, door);

export const forgetDoor = () => drop(STORED_AS);

/** `/door#token=…&event=7&door=…`, which is taken out of the address, so that it stays in no history. @returns {Door | null} */
function takeLink() {
  const link = new URLSearchParams(location.hash.slice(1));
  const token = link.get("token");
  const eventId = Number(link.get("event"));
  if (!token || !(eventId > 0)) return null;
  history.replaceState(null, "", location.pathname);
  return { event_id: eventId, token, name: link.get("door") ?? "" };
}

/** `/door?event=7`, for an admin. @returns {Door | null} */
function fromAddress() {
  const eventId = Number(new URLSearchParams(location.search).get("event"));
  if (!(eventId > 0)) return null;
  const before = rememberedDoor();
  return before?.event_id === eventId && !before.token ? before : { event_id: eventId, name: before?.name ?? "" };
}

/** @returns {Door | null} */
function rememberedDoor() {
  const door = kept(STORED_AS);
  return typeof door?.event_id === "number" ? door : null;
}
