// @ts-check
/** The part of `/` about who is there: say who one is, sign in, register, set a new password. */
import { ApiError, proveEmail, register, requestPasswordReset, resetPassword, signIn } from "./api.js";
import { part } from "./dom.js";
import { onSubmit } from "./forms.js";
import { onLanguageChange, t } from "./i18n.js";
import { takeLink } from "./link.js";
import { tellDone, tellError } from "./notices.js";
import { mayManage } from "./session.js";

/** @typedef {import("./api.js").Session} Session */

const main = part(document, "main");
let link = takeLink();
/** @type {Session | null} */
let known = null;
showIfWanted();
// A link that is opened where the page is open already changes only the address.
window.addEventListener("hashchange", () => {
  link = takeLink() ?? link;
  showIfWanted();
  if (known) followLink(known);
});

/** @param {Session} session */
export function startEntrance(session) {
  known = session;
  onSubmit(part(main, "who-form"), async (values) => enter(await signIn(/** @type {any} */ (values))));
  onSubmit(part(main, "sign-in-form"), async (values) => enter(await signIn(/** @type {any} */ (values))));
  onSubmit(part(main, "register-form"), async (values) => {
    const { email, password } = /** @type {any} */ (values);
    await register(/** @type {any} */ (values));
    return enterIfNew({ email, password });
  });
  onSubmit(part(main, "forgot-form"), async ({ email = "" }) => {
    const { mail } = await requestPasswordReset(email);
    part(main, "forgot-told").textContent = t(mail ? "index.forgot.mailed" : "account.no_mail");
  });
  onSubmit(part(main, "reset-form"), async ({ password = "" }) => {
    await resetPassword(link?.token ?? "", password);
    show("sign-in");
    tellDone(t("index.reset.done"));
  });
  for (const name of ["to-sign-in", "from-forgot"]) part(main, name).addEventListener("click", () => show("sign-in"));
  for (const name of ["to-forgot", "from-reset"]) part(main, name).addEventListener("click", () => show("forgot"));
  part(main, "to-register").addEventListener("click", () => show("register"));

  const describe = () => describeSession(session);
  onLanguageChange(describe);
  describe();
  main.dataset.state = session.user ? "known" : session.auth_mode === "open" ? "open" : "sign-in";
  followLink(session);
}

/** On a phone it then stands above the events: before the page is painted, so that nothing moves. */
function showIfWanted() {
  if (link !== null || location.hash === "#sign-in" || asked() !== null) main.dataset.wants = "entrance";
}

/** @param {Session} session */
function followLink({ user }) {
  if (link?.purpose === "reset") main.dataset.state = "reset";
  else if (link?.purpose === "proof" && user) void prove();
  else if (link?.purpose === "proof") tellDone(t("index.proof.sign_in"));
}

/** @param {Session} session */
function describeSession({ auth_mode, user }) {
  part(main, "mode").textContent = t(`index.mode.${auth_mode}`);
  if (!user) return;
  part(main, "welcome").textContent = t("index.welcome", { name: user.name });
  part(main, "signed-in-as").textContent = t("index.signed_in_as", { email: user.email });
  part(main, "go-admin").hidden = !mayManage({ auth_mode, user });
}

/** @param {"sign-in" | "register" | "forgot"} state the form to be filled in, with what was typed into the other one */
function show(state) {
  const email = main.querySelector(`[data-view="${main.dataset.state}"] input[name=email]`)?.value ?? "";
  main.dataset.state = state;
  const input = main.querySelector(`[data-view="${state}"] input[name=email]`);
  if (input.value === "") input.value = email;
  input.focus();
}

/**
 * Where mail is sent, registering is answered the same for every email: only a new one lets in.
 * @param {{email: string, password: string}} who
 */
async function enterIfNew(who) {
  /** @type {Session} */
  let session;
  try {
    session = await signIn(who);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "wrong_credentials") throw error;
    show("sign-in");
    tellDone(t("index.register.mailed"));
    return;
  }
  await enter(session);
}

/** Use up the link that proves the email of whoever is signed in. */
async function prove() {
  const token = link?.token ?? "";
  link = null;
  try {
    await proveEmail(token);
    tellDone(t("index.proof.done"));
  } catch (error) {
    tellError(error);
  }
}

/**
 * Go on to the page that asked for a sign-in, or to the events. Never settles: the form is busy until it is gone.
 * @param {Session} session
 */
async function enter(session) {
  if (link?.purpose === "proof") await prove();
  const next = asked();
  location.assign(next && (!next.startsWith("/admin") || mayManage(session)) ? next : "/user");
  return new Promise(() => {});
}

/** @returns {string | null} the page that asked for a sign-in: one of ours */
function asked() {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  return /^\/(user|admin|door|(admin\/)?events\/\d+)$/.test(next) ? next : null;
}
