// @ts-check
// Comments that are posted while a page is open. A bar over the page says how many, so that nothing moves until the
// reader asks for them. Pages poll without cookies and with the last answer's ETag; with nothing new it is empty.
import { announce, focusQuietly, hasModifierKey, htmx } from "./dom.js";
import { updateTimes } from "./relative-times.js";

const UNREACHABLE_WAIT = 600_000; // Longest wait in milliseconds while the server can't be reached.

/** @param {HTMLElement} discussion */
function watch(discussion) {
  const bar = document.getElementById("new-comments-bar");
  const container = document.getElementById("new-comments");
  const showLink = bar.querySelector("a");
  const dismissButton = bar.querySelector("[data-dismiss]");
  const url = discussion.dataset.updatesUrl;
  const shortestWait = Number(discussion.dataset.minWait) * 1000;
  const longestWait = Number(discussion.dataset.maxWait) * 1000;
  let newest = Number(discussion.dataset.newest);
  let wait = shortestWait;
  let timer = 0;
  let lastPoll = Date.now();
  let etag = "";
  let offered = 0; // Number of comments on the bar.
  let dismissed = 0; // Number of comments when the reader dismissed the bar.
  /** @type {{item: HTMLElement, top: number, focus: Element} | null} */
  let returnTo = null; // Where the reader was before going to the new comments.

  /** @param {number | string} id */
  const commentElement = (id) => document.getElementById(`comment-${id}`);

  /** @param {{comments: number[], says: string[]}} answer Ids, and the sentence to show for each number of comments. */
  const showBar = ({ comments, says }) => {
    const count = comments.filter((id) => !commentElement(id)).length;
    if (count && count > dismissed) {
      showLink.textContent = says[count - 1];
      if (!offered) announce(says[count - 1]); // Only once: an announcement for each further comment would be noise.
      returnTo = null;
      bar.hidden = false;
      offered = count;
    } else if (!returnTo) {
      bar.hidden = true;
      offered = 0;
    }
  };

  const poll = async () => {
    lastPoll = Date.now();
    try {
      /** @type {HeadersInit} */
      const headers = etag ? { "If-None-Match": etag } : {};
      const response = await fetch(`${url}?after=${newest}`, { credentials: "omit", cache: "no-store", headers });
      if (response.status === 404) return stop();
      if (response.status === 200) {
        etag = response.headers.get("ETag") ?? "";
        wait = shortestWait;
        showBar(await response.json());
      } else {
        wait = response.status === 304 ? Math.min(wait * 1.25, longestWait) : Math.min(wait * 2, UNREACHABLE_WAIT);
      }
    } catch {
      wait = Math.min(wait * 2, UNREACHABLE_WAIT); // Offline, or the server is restarting.
    }
    return schedulePoll();
  };
  // A random fifth earlier or later, so that pages opened together don't poll together.
  const schedulePoll = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(poll, wait * (0.8 + Math.random() * 0.4));
  };
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisibilityChange);
    bar.hidden = true;
  };
  // A hidden page doesn't poll. When it is shown again, it polls at once if a poll is due.
  const onVisibilityChange = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    if (Date.now() - lastPoll > wait) poll();
    else schedulePoll();
  };

  const readingPosition = () => {
    /** @type {HTMLElement[]} */
    const items = [...document.querySelectorAll(/** @type {"div"} */ (".thread .comment, .story .text > *"))];
    const item = items.find((candidate) => candidate.getBoundingClientRect().bottom > 0);
    return item && { item, top: item.getBoundingClientRect().top, focus: document.activeElement };
  };
  const goBack = () => {
    const { item, top, focus } = returnTo;
    scrollBy({ top: item.getBoundingClientRect().top - top, behavior: "instant" });
    item.tabIndex = -1;
    const target = focus instanceof HTMLElement && focus.isConnected && item.contains(focus) ? focus : item;
    target.focus({ preventScroll: true });
    returnTo = null;
    bar.hidden = true;
  };

  const load = async () => {
    const before = readingPosition();
    const response = await fetch(`${url}shown/?after=${newest}`);
    if (!response.ok) throw new Error(String(response.status));
    const fragment = document.createRange().createContextualFragment(await response.text());
    /** @type {HTMLElement} */
    const section = fragment.querySelector(".new-comments");
    for (const comment of section.querySelectorAll(".comment")) {
      if (document.getElementById(comment.id)) comment.closest("li").remove(); // The reader's own comment.
    }
    /** @type {HTMLElement} */
    const first = section.querySelector(".comment");
    newest = Number(section.dataset.newest);
    etag = "";
    offered = dismissed = 0;
    if (!first) {
      bar.hidden = true;
      return;
    }
    container.prepend(section);
    for (const link of section.querySelectorAll(".in-reply-to a")) {
      const id = link.getAttribute("href").match(/^\/comments\/(\d+)\/$/)?.[1];
      if (id && commentElement(id)) link.setAttribute("href", `#comment-${id}`);
    }
    htmx()?.process(section);
    updateTimes();
    document.getElementById("talk-title").textContent = section.dataset.title;
    focusQuietly(first);
    section.scrollIntoView({ block: "start" });
    announce(`${section.querySelector("h3").textContent}. ${container.dataset.announcement}`);
    bar.hidden = !before;
    returnTo = before ?? null;
    showLink.textContent = container.dataset.return;
    schedulePoll();
  };
  showLink.addEventListener("click", (event) => {
    if (hasModifierKey(event)) return;
    event.preventDefault();
    if (returnTo) goBack();
    else load().catch(() => location.assign(showLink.href)); // The page behind the link shows the same comments.
  });
  dismissButton.addEventListener("click", () => {
    dismissed = offered;
    offered = 0;
    const target = readingPosition()?.item ?? discussion;
    returnTo = null;
    bar.hidden = true;
    focusQuietly(target); // Not back to the top of the page.
  });

  // Polling starts when the discussion is near the window, so readers of the article alone never poll.
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      document.addEventListener("visibilitychange", onVisibilityChange);
      schedulePoll();
    },
    { rootMargin: "100% 0px" },
  );
  observer.observe(discussion);
}

/** @type {HTMLElement | null} */
const discussion = document.querySelector(".discussion[data-updates-url]");
if (discussion) watch(discussion);
