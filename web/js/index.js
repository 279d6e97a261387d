// @ts-check
/** The page `/`: the events to come, and who is there. */
import { part } from "./dom.js";
import { startEntrance } from "./entrance.js";
import { startReader } from "./reader.js";
import { startSession } from "./session.js";
import { EventWindow } from "./window.js";

const main = part(document, "main");
const session = await startSession();
if (session) {
  startEntrance(session);
  startReader(session, (tools) => new EventWindow(part(main, "window"), tools));
} else main.dataset.state = "broken";
