// @ts-check
/** The search field: what is typed goes into the address after a moment, so that a reload or a link finds the same. */

const TYPING_MS = 250;

/** @param {HTMLInputElement} input @param {(query: string) => void} search also called at once for the address's `q` */
export function startSearch(input, search) {
  const address = new URL(location.href);
  let timer = 0;
  input.value = address.searchParams.get("q") ?? "";
  search(input.value);
  input.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(go, TYPING_MS);
  });

  function go() {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    search(query);
  }
}
