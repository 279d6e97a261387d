// @ts-check
/** The filters of the events: what is chosen goes into the address, so that a reload, a link or the way back finds the same. */
import { part } from "./dom.js";
import { onSearch } from "./forms.js";

const NAMES = ["q", "from", "to", "free"];

/** @typedef {{q?: string, from?: string, to?: string, free?: string}} Filter */

/**
 * @param {HTMLFormElement} form @param {(filter: Filter) => void} choose called for each further choice
 * @returns {Filter} what the address has
 */
export function startFilters(form, choose) {
  const address = new URL(location.href);
  for (const name of NAMES) {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    const value = address.searchParams.get(name) ?? "";
    if (input.type === "checkbox") input.checked = value === input.value;
    else input.value = value;
  }
  onSearch(form, go);
  return read();

  /** @returns {Filter} */
  function read() {
    const filter = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const chosen = Object.entries(filter).filter(([, value]) => value !== "");
    part(form, "clear").hidden = chosen.length === 0;
    return Object.fromEntries(chosen);
  }

  function go() {
    const filter = read();
    for (const name of NAMES) address.searchParams.delete(name);
    for (const [name, value] of Object.entries(filter)) address.searchParams.set(name, value);
    history.replaceState(null, "", address);
    choose(filter);
  }
}
