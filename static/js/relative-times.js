// @ts-check
// "2 hours ago" in place of the date of what was posted in the last day. The server writes the exact time, which stays
// right in a cached page; it is kept in the title and for screen readers.
import { createElement } from "./dom.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIMES = ".comment-header time, time.ago";
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

/** @type {WeakMap<Element, string>} */
const exactTimes = new WeakMap();

/** @param {number} age In milliseconds. */
function inWords(age) {
  if (age < MINUTE) return format.format(0, "second");
  if (age < HOUR) return format.format(-Math.floor(age / MINUTE), "minute");
  return format.format(-Math.floor(age / HOUR), "hour");
}

/** Write the times of a page anew. Those that come later in the reader's clock than in ours stay exact. */
export function updateTimes() {
  const now = Date.now();
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll(TIMES))) {
    const age = now - Date.parse(time.dateTime);
    const exact = exactTimes.get(time) ?? time.textContent.trim();
    if (age > -MINUTE && age < DAY) {
      const words = inWords(age);
      if (time.firstChild.textContent === words) continue;
      exactTimes.set(time, exact);
      time.title = exact;
      time.replaceChildren(words, createElement("span", { class: "sr-only" }, `, ${exact}`));
    } else if (exactTimes.delete(time)) {
      time.removeAttribute("title");
      time.textContent = exact;
    }
  }
}

updateTimes();
setInterval(updateTimes, MINUTE);
document.addEventListener("htmx:load", updateTimes);
