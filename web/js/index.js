// @ts-check
/** The page `/`: who is there. */
import { register, signIn } from "./api.js";
import { part } from "./dom.js";
import { onSubmit } from "./forms.js";
import { onLanguageChange, t } from "./i18n.js";
import { mayManage, startSession } from "./session.js";

/** @typedef {import("./api.js").Session} Session */

const main = part(document, "main");
const session = await startSession();
if (session) start(session);
else main.dataset.state = "broken";

/** @param {Session} session */
function start(session) {
  onSubmit(part(main, "who-form"), async (values) => enter(await signIn(/** @type {any} */ (values))));
  onSubmit(part(main, "sign-in-form"), async (values) => enter(await signIn(/** @type {any} */ (values))));
  onSubmit(part(main, "register-form"), async (values) => {
    const { email, password } = /** @type {any} */ (values);
    await register(/** @type {any} */ (values));
    return enter(await signIn({ email, password }));
  });
  part(main, "to-register").addEventListener("click", () => show("register"));
  part(main, "to-sign-in").addEventListener("click", () => show("sign-in"));

  const describe = () => describeSession(session);
  onLanguageChange(describe);
  describe();
  main.dataset.state = session.user ? "known" : session.auth_mode === "open" ? "open" : "sign-in";
}

/** @param {Session} session */
function describeSession({ auth_mode, user }) {
  part(main, "mode").textContent = t(`index.mode.${auth_mode}`);
  if (!user) return;
  part(main, "welcome").textContent = t("index.welcome", { name: user.name });
  part(main, "signed-in-as").textContent = t("index.signed_in_as", { email: user.email });
  part(main, "go-admin").hidden = !mayManage({ auth_mode, user });
}

/** @param {"sign-in" | "register"} state the form to be filled in, with what was typed into the other one */
function show(state) {
  const email = main.querySelector(`[data-view="${main.dataset.state}"] input[name=email]`)?.value ?? "";
  main.dataset.state = state;
  const input = main.querySelector(`[data-view="${state}"] input[name=email]`);
  if (input.value === "") input.value = email;
  input.focus();
}

/**
 * Go on to the page that asked for a sign-in, or to the events. Never settles: the form is busy until it is gone.
 * @param {Session} session
 */
function enter(session) {
  const asked = new URLSearchParams(location.search).get("next");
  location.assign(asked === "/admin" && mayManage(session) ? "/admin" : "/user");
  return new Promise(() => {});
}
