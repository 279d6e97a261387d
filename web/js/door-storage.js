// @ts-check
/** What the door page keeps on this phone, so that a reload or a dead battery loses nothing; in memory where storage is forbidden. */

/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key @param {unknown} value */
export function keep(key, value) {
  memory.set(key, JSON.stringify(value));
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Forbidden or full: it lasts as long as the page.
  }
}

/** @param {string} key */
export function drop(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept there.
  }
}

/** @param {string} key @returns {any} null if nothing is kept */
export function kept(key) {
  const text = stored(key) ?? memory.get(key) ?? null;
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} prefix @returns {any[]} everything whose key begins so */
export function keptAll(prefix) {
  const keys = new Set(memory.keys());
  try {
    for (const key of Object.keys(localStorage)) keys.add(key);
  } catch {
    // What is in memory is all there is.
  }
  return [...keys].filter((key) => key.startsWith(prefix)).map(kept).filter((value) => value !== null);
}

/** @param {string} key */
function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
