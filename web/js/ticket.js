// @ts-check
/**
 * The page `/ticket#booking=ID` or, from a mail and for guests, `#booking=ID&token=…`: fetches the ticket with the token, or
 * with the session, and becomes it. A link carries no header, and a token in its path or query would stand in logs.
 */
import { getCalendarEntry, getTicket } from "./api.js";
import { part } from "./dom.js";
import { startLanguage, t } from "./i18n.js";
import { errorText } from "./notices.js";

const LINK = /^#booking=(\d{1,19})(?:&token=([\w-]+))?$/;

startLanguage();
window.addEventListener("hashchange", () => location.reload());
const [, id, told] = location.hash.match(LINK) ?? [];
if (id) await open(id, keptToken(id, told));
else say(t("ticket.no_link"));

/**
 * The token is taken out of the address, so that it stays in no history, and kept for this tab, which may be loaded again.
 * @param {string} id @param {string | undefined} token @returns {string | undefined}
 */
function keptToken(id, token) {
  history.replaceState(null, "", `${location.pathname}#booking=${id}`);
  const storedAs = `eventbooker.ticket.${id}`;
  try {
    if (token) sessionStorage.setItem(storedAs, token);
    return token ?? sessionStorage.getItem(storedAs) ?? undefined;
  } catch {
    return token; // nothing can be kept in this browser: the link opens the ticket again
  }
}

/** @param {string} id @param {string | undefined} token */
async function open(id, token) {
  try {
    become(await getTicket(id, token, document.documentElement.lang));
  } catch (error) {
    return say(errorText(error));
  }
  if (token) await fillCalendarLink(id, token);
}

/** A program for calendars could not show the token. @param {string} id @param {string} token */
async function fillCalendarLink(id, token) {
  const link = part(document, "calendar");
  try {
    link.href = URL.createObjectURL(await getCalendarEntry(id, token));
  } catch {
    link.hidden = true; // without a network; the ticket is there
  }
}

/** @param {string} html the ticket, as the service wrote it */
function become(html) {
  const ticket = new DOMParser().parseFromString(html, "text/html");
  document.documentElement.lang = ticket.documentElement.lang;
  document.title = ticket.title;
  document.body.replaceWith(document.adoptNode(ticket.body));
  const print = part(document, "print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

/** @param {string} text instead of the ticket, or above it */
function say(text) {
  const message = part(document, "message");
  message.textContent = text;
  message.hidden = false;
  part(document, "main").removeAttribute("aria-busy");
}
