// @ts-check
/** Templates, lists that keep their elements, and buttons that cannot be pressed twice. */
import { translate } from "./i18n.js";

/** @param {string} id of a `<template>` with one element in it @returns {HTMLElement} */
export function stamp(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  translate(copy);
  return /** @type {HTMLElement} */ (copy.firstElementChild);
}

/** @param {ParentNode} root @param {string} name @returns {any} the element with `data-part="name"`, of whatever kind it is */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`the page has no part ${name}`);
  return found;
}

/**
 * Set only what differs, so that nothing is announced, selected or painted anew for no reason.
 * @param {HTMLElement} element @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Make the children of `parent` stand for `items`. An element stays with its item, and the focus stays where it was,
 * or goes to what is told in the same item when its button has gone, or to the item that took the place of it.
 * @template T
 * @param {Element} parent @param {T[]} items @param {(item: T) => string | number} keyOf
 * @param {(item: T) => HTMLElement} create @param {(element: HTMLElement, item: T) => void} update
 */
export function reconcile(parent, items, keyOf, create, update) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const place = [...parent.children].findIndex((child) => child.contains(focused));
  const home = parent.children[place];
  const standing = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  const wanted = items.map((item) => {
    const key = String(keyOf(item));
    const element = /** @type {HTMLElement} */ (standing.get(key)) ?? create(item);
    element.dataset.key = key;
    standing.delete(key);
    update(element, item);
    return element;
  });
  for (const gone of standing.values()) gone.remove();
  wanted.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  if (!home || !focused) return;
  const now = document.activeElement;
  if (now !== focused && now !== document.body) return;
  if (!home.isConnected) focusPlace(wanted[Math.min(place, wanted.length - 1)] ?? part(document, "main"));
  else if (!focused.checkVisibility()) focusNews(/** @type {HTMLElement} */ (home));
  else if (now !== focused) focused.focus({ preventScroll: true });
}

/** Nothing there is pressed by a key that was meant for what has gone. @param {HTMLElement} element */
function focusPlace(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/**
 * A button has done its work and has gone: what came of it is next, not another button, which a second press of the same
 * key would push unasked.
 * @param {HTMLElement} root may hold elements with `data-landing`
 */
export function focusNews(root) {
  const news = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-landing]"));
  focusPlace([...news].find((element) => element.checkVisibility()) ?? root);
}

/**
 * Run `work` while the button shows that it is busy; pressing it, or one of the `others`, does nothing meanwhile.
 * The button keeps the focus, which `disabled` would take from it.
 * @param {HTMLButtonElement} button @param {() => Promise<void>} work @param {HTMLButtonElement[]} others
 */
export async function whileBusy(button, work, others = []) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const all = [button, ...others];
  button.setAttribute("aria-busy", "true");
  for (const each of all) each.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
    for (const each of all) each.removeAttribute("aria-disabled");
  }
}
