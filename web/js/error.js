// @ts-check
/** The page of an address that has nothing to show. */
import { startSession } from "./session.js";

await startSession();
