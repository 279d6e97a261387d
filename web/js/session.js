// @ts-check
/** Who is looking at the page, and the page's header that says so. */
import { getSession, signOut } from "./api.js";
import { part, whileBusy } from "./dom.js";
import { onLanguageChange, startLanguage, t } from "./i18n.js";
import { tellError } from "./notices.js";

/** @typedef {import("./api.js").Session} Session */

/** @param {Session} session */
export const mayManage = (session) => session.auth_mode === "open" || session.user?.role === "admin";

/** Bring the header to life. @returns {Promise<Session | null>} null when the service did not say */
export async function startSession() {
  const header = part(document, "header");
  header.dataset.state = "loading";
  startLanguage();
  // A page that comes back from the browser's memory may show somebody who has left since.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  // Where nothing can be kept, nothing is readable without a network.
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
  part(header, "sign-out").addEventListener("click", leave);
  try {
    const session = /** @type {Session} */ (await getSession());
    const show = () => showSession(header, session);
    onLanguageChange(show);
    show();
    return session;
  } catch (error) {
    tellError(error);
    return null;
  } finally {
    delete header.dataset.state;
  }
}

/** @param {ParentNode} header @param {Session} session */
function showSession(header, session) {
  const { user, auth_mode: mode } = session;
  part(header, "admin-link").hidden = !mayManage(session);
  part(header, "user").hidden = !user;
  part(header, "user-name").textContent = user?.name ?? "";
  part(header, "user-name").title = user?.email ?? "";
  part(header, "sign-out").textContent = t(mode === "open" ? "nav.change_user" : "nav.sign_out");
  const signIn = part(header, "sign-in");
  signIn.hidden = Boolean(user);
  signIn.textContent = t(mode === "open" ? "nav.home" : "nav.sign_in");
}

/** @param {MouseEvent} event */
function leave(event) {
  const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
  void whileBusy(button, async () => {
    try {
      await signOut();
      location.assign("/");
    } catch (error) {
      tellError(error);
    }
  });
}
