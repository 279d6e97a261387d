// @ts-check
/** The page that lists who comes to an event, to be printed: it comes whole from the service, in English. */
import { part } from "./dom.js";
import { formatTime, onLanguageChange, startLanguage } from "./i18n.js";

const button = part(document, "print");
button.hidden = false;
button.addEventListener("click", () => window.print());

startLanguage();
onLanguageChange(showDate);
showDate();

function showDate() {
  const date = part(document, "date");
  date.textContent = formatTime(date.dateTime, date.dataset.zone);
}
