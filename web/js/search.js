// @ts-check
/** The search field: what is typed goes into the address after a moment, so that a reload or a link finds the same. */
import { onSearch } from "./forms.js";

/** @param {HTMLInputElement} input @param {(query: string) => void} search also called at once for the address's `q` */
export function startSearch(input, search) {
  const address = new URL(location.href);
  input.value = address.searchParams.get("q") ?? "";
  search(input.value);
  if (input.form) onSearch(input.form, go);

  function go() {
    const query = input.value.trim();
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    search(query);
  }
}
