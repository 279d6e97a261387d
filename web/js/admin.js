// @ts-check
/** The page `/admin`: a table of all events, a new one, and what concerns the service as a whole. */
import { getNotifications } from "./api.js";
import { part } from "./dom.js";
import { EventForm } from "./event-form.js";
import { onLanguageChange, t } from "./i18n.js";
import { ImportPanel } from "./import.js";
import { Live } from "./live.js";
import { ManagedList } from "./managed-list.js";
import { tellConnection, tellDone } from "./notices.js";
import { NotificationsPanel } from "./notifications.js";
import { Poller } from "./poller.js";
import { mayManage, startSession } from "./session.js";
import { TokensPanel } from "./tokens.js";

const MESSAGES_EVERY_MS = 10_000;

const main = part(document, "main");
const session = await startSession();
if (!session) main.dataset.state = "broken";
else if (mayManage(session)) start();
else main.dataset.state = "forbidden";

function start() {
  const poller = new Poller(() => list.load(), show, tellConnection, () => live.connected);
  const refresh = () => poller.refresh();
  const list = new ManagedList(main, refresh);
  const live = new Live({ onSeats: (seats) => list.isNews(seats) && poller.nudge(), onLost: () => poller.nudge() });
  const form = new EventForm(part(document, "editor"), async (event, isNew) => {
    tellDone(t(isNew ? "admin.created" : "admin.changed", { name: event.name }));
    await refresh();
  });
  const messages = new NotificationsPanel(part(main, "notifications"), () => told.refresh());
  const told = new Poller(getNotifications, (loaded) => messages.show(loaded), () => {}, () => false, MESSAGES_EVERY_MS);
  new TokensPanel(part(main, "tokens"));
  new ImportPanel(part(main, "import"), refresh);

  part(main, "new").addEventListener("click", () => form.create());
  onLanguageChange(() => {
    list.render();
    messages.render();
    form.render();
  });
  main.dataset.state = "ready";
  void poller.start();
  void told.start();

  /** @param {Awaited<ReturnType<typeof list.load>>} loaded */
  function show(loaded) {
    main.removeAttribute("aria-busy");
    tellConnection();
    list.show(loaded);
    live.watch({ events: list.eventIds });
  }
}
