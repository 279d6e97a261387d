// @ts-check
/**
 * One's own bookings and tickets stay readable without a network. What a page gets from here instead of the service says
 * since when it is as it is (`X-As-Of`), lists of events with their free seats are never kept, and what is personal goes
 * with the session.
 */
const FILES = "files";
const OWN = "own";
const MOST_FILES = 60;
const MOST_TICKETS = 10;

const IS_FILE = /^\/assets\//;
const IS_PAGE = /^\/(user|ticket)$/;
const IS_OWN = /^\/(session|bookings\/\d+(\/ticket)?|users\/\d+\/(bookings|waitlist))$/;
const IS_EVENT = /^\/events\/\d+$/;
const HAS_BOOKINGS = /^\/(users\/\d+\/bookings|bookings\/\d+)$/;

/** Counts sign-outs: what was asked for before one is not kept after it. */
let era = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (pathname === "/session" || request.method === "DELETE") event.respondWith(fetch(request).finally(forgetOwn));
  } else if (IS_FILE.test(pathname)) event.respondWith(file(request));
  else if (IS_PAGE.test(pathname) || IS_OWN.test(pathname) || (IS_EVENT.test(pathname) && request.mode !== "navigate")) {
    event.respondWith(newest(event));
  }
});

async function forgetOwn() {
  era += 1;
  await caches.delete(OWN);
}

/** Never asked for again: its address changes with its content. @param {Request} request */
async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await files.put(request, response.clone());
    const stale = (await files.keys()).slice(0, -MOST_FILES);
    await Promise.all(stale.map((each) => files.delete(each)));
  }
  return response;
}

/** From the service, or as it was last, where there is no network. @param {FetchEvent} event */
async function newest(event) {
  const asked = era;
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(event.request, response.clone(), asked));
    return response;
  } catch (error) {
    const kept = await (await caches.open(OWN)).match(event.request, { ignoreVary: true });
    if (!kept) throw error;
    const headers = new Headers(kept.headers);
    headers.set("X-As-Of", kept.headers.get("Date") ?? "");
    return new Response(kept.body, { status: kept.status, headers });
  }
}

/** @param {Request | string} request @param {Response} response @param {number} asked the era */
async function keep(request, response, asked) {
  if (asked !== era) return;
  const own = await caches.open(OWN);
  if ([401, 403, 404].includes(response.status)) await own.delete(request, { ignoreVary: true });
  if (!response.ok) return;
  const { pathname } = new URL(response.url);
  const again = response.clone();
  await own.put(request, response);
  if (HAS_BOOKINGS.test(pathname)) await keepTickets([await again.json()].flat(), asked, request.headers.get("Authorization"));
}

/**
 * Whoever stands at a door without a network may never have opened the ticket.
 * @param {any[]} bookings @param {number} asked the era @param {string | null} authorization of a guest: what opens the one
 */
async function keepTickets(bookings, asked, authorization) {
  const confirmed = bookings.filter(({ status }) => status === "confirmed").slice(0, MOST_TICKETS);
  const tickets = confirmed.map(({ id }) => `/bookings/${id}/ticket`);
  for (const path of tickets.length > 0 ? ["/ticket", ...tickets] : []) {
    if (await caches.match(path, { ignoreVary: true })) continue;
    const headers = { Accept: "text/html", ...(authorization && { Authorization: authorization }) };
    const response = await fetch(path, { headers });
    const html = await response.clone().text();
    await keep(path, response, asked);
    for (const [address] of html.matchAll(/\/assets\/\w+\/[\w.-]+/g)) await file(new Request(address));
  }
}
