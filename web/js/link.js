// @ts-check
/** The link that opened the page, from a mail or an admin: `/#reset=…` or `/#proof=…`. */

/**
 * Read the link and take it out of the address, so that it stays in no history.
 * @returns {{purpose: "reset" | "proof", token: string} | null}
 */
export function takeLink() {
  const found = location.hash.match(/^#(reset|proof)=([\w-]+)$/);
  if (!found) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return { purpose: /** @type {"reset" | "proof"} */ (found[1]), token: found[2] };
}
