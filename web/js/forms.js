// @ts-check
/** Forms: the server alone judges what is in them, and what it says appears at the fields. */
import { ApiError } from "./api.js";
import { has, t } from "./i18n.js";
import { whileBusy } from "./dom.js";
import { errorText } from "./notices.js";

const TYPING_MS = 250;

/**
 * Call `go` a moment after something was typed or chosen in a form that searches, at once when it is submitted or emptied.
 * @param {HTMLFormElement} form @param {() => void} go
 */
export function onSearch(form, go) {
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    go();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(now, TYPING_MS);
  });
  // The fields are empty only after the event.
  form.addEventListener("reset", () => setTimeout(now));
}

/**
 * @param {HTMLFormElement} form its controls are named as the API names the fields
 * @param {(values: Record<string, string | undefined>) => Promise<void>} submit empty fields are undefined
 */
export function onSubmit(form, submit) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      clearErrors(form);
      try {
        await submit(readForm(form));
      } catch (error) {
        showErrors(form, error);
      }
    });
  });
  form.addEventListener("input", (event) => {
    if (isField(event.target)) markField(event.target, "");
  });
  form.addEventListener("reset", () => clearErrors(form));
}

/**
 * Say what is plainly wrong with a field as soon as it is left, before anything is sent.
 * @param {HTMLFormElement} form
 */
export function checkAsTyped(form) {
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!isField(field) || field.checkValidity()) return;
    markField(field, t(`invalid.${field.dataset.invalid ?? field.name}`));
  });
}

/** @param {HTMLFormElement} form @returns {Record<string, string | undefined>} empty fields are undefined */
export function readForm(form) {
  /** @type {Record<string, string | undefined>} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    // A password counts as it is typed, its spaces too.
    const text = name.endsWith("password") ? String(value) : String(value).trim();
    values[name] = text === "" ? undefined : text;
  }
  return values;
}

/** @param {HTMLFormElement} form @param {unknown} error */
function showErrors(form, error) {
  /** @type {Element[]} */
  const marked = [];
  for (const { field, message } of error instanceof ApiError ? error.errors : []) {
    const input = form.elements.namedItem(field);
    if (!isField(input)) continue;
    const key = `invalid.${input.dataset.invalid ?? field}`;
    markField(input, has(key) ? t(key) : message);
    marked.push(input);
  }
  const summary = /** @type {HTMLElement} */ (form.querySelector("[data-part=form-error]"));
  summary.textContent = marked.length > 0 ? t("problem.invalid") : errorText(error);
  summary.hidden = marked.length === 1; // told at the field, which gets the focus
  const first = [...form.elements].find((element) => marked.includes(element));
  for (const folded of form.querySelectorAll("details")) folded.open ||= marked.some((input) => folded.contains(input));
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLFormElement} form */
function clearErrors(form) {
  for (const element of form.elements) if (isField(element)) markField(element, "");
  const summary = /** @type {HTMLElement} */ (form.querySelector("[data-part=form-error]"));
  summary.hidden = true;
  summary.textContent = "";
}

/** @param {unknown} element @returns {element is HTMLInputElement | HTMLTextAreaElement} */
const isField = (element) => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;

/** @param {HTMLInputElement | HTMLTextAreaElement} input @param {string} message empty: the field is fine */
function markField(input, message) {
  const field = input.closest(".field");
  const place = /** @type {HTMLElement | null} */ (field?.querySelector(".field-error") ?? null);
  if (!place) return;
  place.textContent = message;
  place.hidden = message === "";
  if (message === "") input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
}
