// @ts-check
/** The page `/door`: lets people in by their tickets, by typed codes or by name, also while there is no connection. */
import { ApiError, getAttendance, getEvents, getSession, undoCheckIn } from "./api.js";
import { findDoor, forgetDoor, rememberDoor } from "./door-access.js";
import { HelperLink } from "./door-helpers.js";
import { ExpectedList } from "./door-list.js";
import { ScanQueue } from "./door-queue.js";
import { letIn, nothingFound, refused, scannedBefore, showResult, undone, waits } from "./door-result.js";
import { loadDetector, Scanner } from "./door-scanner.js";
import { isMuted, setMuted, startSound } from "./door-sound.js";
import { part, reconcile, setText, stamp, whileBusy } from "./dom.js";
import { formatHour, formatNumber, formatTime, onLanguageChange, startLanguage, t, tn } from "./i18n.js";
import { tellConnection, tellError } from "./notices.js";
import { Poller } from "./poller.js";
import { mayManage } from "./session.js";

/** @typedef {import("./api.js").Attendance} Attendance */
/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./door-access.js").Door} Door */
/** @typedef {import("./door-queue.js").Clash} Clash */

const EVERY_MS = 2_000;

const main = part(document, "main");
startLanguage();
startSound();
await start();

async function start() {
  const door = findDoor();
  if (door?.token) return openDoor(door, false);
  try {
    const session = /** @type {Session} */ (await getSession());
    if (!mayManage(session)) main.dataset.state = "forbidden";
    else if (door) openDoor(door, true);
    else await chooseEvent();
  } catch (error) {
    // Without a connection a door that was open goes on: its scans wait.
    if (door) openDoor(door, true);
    else {
      main.dataset.state = "broken";
      tellError(error);
    }
  }
}

/** An admin says at the door of which event this is. */
async function chooseEvent() {
  const { items } = await getEvents({}, 50);
  const create = () => stamp("event-choice");
  reconcile(part(main, "choices"), items, ({ id }) => id, create, (item, event) => {
    const link = part(item, "link");
    link.href = `/door?event=${event.id}`;
    setText(link, event.name);
    setText(part(item, "date"), formatTime(event.date, event.timezone));
  });
  part(main, "no-choices").hidden = items.length > 0;
  main.dataset.state = "choose";
}

/** @param {Door} door @param {boolean} isAdmin */
function openDoor(door, isAdmin) {
  /** @type {Attendance | null} */
  let attendance = null;
  /** @type {number | null} the booking that the result is about, if an admin may take its check-in back */
  let undoable = null;
  const panel = part(main, "result");
  const undo = part(main, "undo");
  const queue = new ScanQueue(() => door, { onChange: renderQueue, onClash: (clash) => show(clashResult(clash), null) });
  const list = new ExpectedList(part(main, "by-name"), () => door, isAdmin, {
    letIn: ({ id, user_name }) => admit({ booking_id: id }, user_name),
    undo: ({ id, user_name }) => takeBack(id, user_name),
  });
  const scanner = new Scanner(
    part(main, "by-ticket"),
    (code) => void admit({ code }, code),
    () => show(nothingFound(), null),
  );
  const helpers = isAdmin ? new HelperLink(part(main, "helpers"), door, () => attendance) : null;
  const poller = new Poller(load, follow, lose, () => false, EVERY_MS);

  wire();
  onLanguageChange(render);
  render();
  main.dataset.state = "ready";
  void loadDetector().catch(() => {});  // tried again with the first scan
  void poller.start();

  function wire() {
    const form = /** @type {HTMLFormElement} */ (part(main, "code-form"));
    const typed = /** @type {HTMLInputElement} */ (form.elements.namedItem("code"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const code = typed.value.trim();
      typed.value = "";
      typed.focus();
      if (code) void admit({ code }, code);
    });
    const name = /** @type {HTMLInputElement} */ (part(main, "door-name"));
    name.value = door.name;
    name.addEventListener("input", () => {
      door.name = name.value.trim();
      rememberDoor(door);
    });
    const mute = /** @type {HTMLInputElement} */ (part(main, "sound"));
    mute.checked = !isMuted();
    mute.addEventListener("change", () => setMuted(!mute.checked));
    undo.addEventListener("click", () =>
      whileBusy(undo, async () => {
        if (undoable !== null) await takeBack(undoable, "");
      }));
    part(main, "leave").addEventListener("click", leave);
  }

  async function load() {
    await queue.settle();
    return getAttendance(door.event_id, door.token);
  }

  /** @param {Attendance} loaded */
  function follow(loaded) {
    tellConnection();
    if (attendance && (attendance.in !== loaded.in || attendance.expected !== loaded.expected)) void list.refresh();
    attendance = loaded;
    if (door.event_name !== loaded.event_name) {
      door.event_name = loaded.event_name;
      rememberDoor(door);
    }
    render();
  }

  /** @param {unknown} error */
  function lose(error) {
    const isRefused = error instanceof ApiError && [401, 403, 404].includes(error.status);
    if (isRefused) main.dataset.state = "forbidden";
    else tellConnection(error);
    renderQueue();
  }

  /** @param {{code?: string, booking_id?: number}} who @param {string} label */
  async function admit(who, label) {
    const before = queue.find(who);
    if (before) return show(scannedBefore(label, before.at), null);
    show({ mark: "done", word: t("door.result.asking"), lines: [label] }, null);
    try {
      const booking = await queue.send(who, label);
      if (booking) show(letIn(booking), booking.id);
      else show(waits(label), null);
    } catch (error) {
      const isIn = error instanceof ApiError && error.code === "already_checked_in";
      show(refused(error, label), isIn ? error.members.booking_id : null);
    }
    void poller.refresh();
  }

  /** @param {number} bookingId @param {string} name */
  async function takeBack(bookingId, name) {
    try {
      await undoCheckIn(bookingId);
      show(undone({ user_name: name || part(panel, "lines").firstElementChild?.textContent }), null);
    } catch (error) {
      show(refused(error, name), bookingId);
    }
    void poller.refresh();
  }

  /** @param {import("./door-result.js").Result} result @param {number | null} bookingId */
  function show(result, bookingId) {
    undoable = isAdmin ? bookingId : null;
    undo.hidden = undoable === null;
    showResult(panel, result);
  }

  function render() {
    setText(part(main, "event-name"), door.event_name ?? t("door.heading"));
    setText(part(main, "when"), attendance ? formatTime(attendance.event_date, attendance.event_timezone) : "");
    for (const figure of /** @type {const} */ (["in", "expected", "missing"])) {
      setText(part(main, figure), attendance ? formatNumber(attendance[figure]) : "–");
    }
    scanner.render();
    list.render();
    helpers?.render();
    renderQueue();
  }

  function renderQueue() {
    const { waiting, clashes } = queue;
    part(main, "waiting-heading").hidden = waiting.length === 0;
    setText(part(main, "waiting-heading"), tn("door.waiting", waiting.length));
    reconcile(part(main, "waiting"), waiting, ({ key }) => key, () => stamp("waiting-scan"), (item, { label, at }) => {
      setText(part(item, "label"), label);
      setText(part(item, "at"), t("door.scanned_at", { time: formatHour(at) }));
    });
    part(main, "clashes-heading").hidden = clashes.length === 0;
    setText(part(main, "clashes-heading"), tn("door.clashes", clashes.length));
    reconcile(part(main, "clashes"), clashes, ({ key }) => key, (clash) => createClash(clash), (item, clash) => {
      const { word, lines } = clashResult(clash);
      setText(part(item, "word"), word);
      setText(part(item, "label"), [...new Set(lines.filter(Boolean))].join(" · "));
      setText(part(item, "at"), t("door.scanned_at", { time: formatHour(clash.at) }));
      part(item, "dismiss").setAttribute("aria-label", t("door.dismiss.label", { name: clash.label }));
    });
  }

  /** @param {Clash} clash */
  function createClash(clash) {
    const item = stamp("clash");
    part(item, "dismiss").addEventListener("click", () => queue.dismiss(clash));
    return item;
  }

  function leave() {
    if (queue.waiting.length > 0) return tellError(new ApiError(0, "scans_wait", ""));
    forgetDoor();
    location.assign("/door");
  }
}

/** @param {Clash} clash @returns {import("./door-result.js").Result} */
function clashResult({ label, problem: { status, code, detail, members } }) {
  return refused(new ApiError(status, code, detail, [], members), label);
}
