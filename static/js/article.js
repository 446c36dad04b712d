// @ts-check
// An article's tools: share it, copy its link, and continue where one stopped. The place is kept on this device alone,
// for the last articles and for some weeks. Nothing moves until the reader asks for it.

const STORED = "reading-positions";
const MOST = 20; // Articles; the privacy page says so.
const DAYS = 30;
const SETTLED = 800; // Milliseconds without scrolling.
const BEGINNING = 3; // Blocks: who stopped so early begins again.

const share = document.getElementById("share");
const copy = document.getElementById("copy-link");
const status = document.getElementById("tools-status");
/** @type {HTMLLinkElement | null} */
const canonical = document.querySelector("link[rel='canonical']");
const title = document.querySelector(".story h1")?.textContent ?? document.title;

if (share && "share" in navigator) {
  share.hidden = false;
  share.addEventListener("click", () => {
    navigator.share({ title, url: canonical.href }).catch(() => {}); // The reader thought better of it.
  });
}

if (copy && navigator.clipboard) {
  const label = copy.textContent;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(canonical.href);
    copy.textContent = copy.dataset.copied;
    status.textContent = copy.dataset.copied;
    setTimeout(() => {
      copy.textContent = label;
      status.textContent = "";
    }, 4000);
  });
}

/**
 * Of each article, by its path, the block at which its reader stopped and when.
 * @returns {Record<string, [string, number]>}
 */
function positions() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {}; // Storage is disabled, or holds something else.
  }
}

/** @param {string} block Its id; "" forgets the article. */
function store(block) {
  const known = positions();
  if (!block && !(location.pathname in known)) return;
  delete known[location.pathname];
  if (block) known[location.pathname] = [block, Date.now()];
  const oldest = Date.now() - DAYS * 86_400_000;
  const recent = Object.entries(known).filter(([, [, at]]) => at > oldest);
  recent.sort(([, [, one]], [, [, other]]) => other - one);
  try {
    if (recent.length) localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(recent.slice(0, MOST))));
    else localStorage.removeItem(STORED);
  } catch {
    // Storage is full or disabled.
  }
}

const offer = document.getElementById("continue");
/** @type {NodeListOf<HTMLElement>} */
const paragraphs = document.querySelectorAll(".story .text > [id^='p']");
const blocks = [...paragraphs];

function offerToContinue() {
  const stopped = positions()[location.pathname]?.[0];
  const block = blocks.find((each) => each.id === stopped);
  if (!block || location.hash || scrollY > innerHeight) return;
  offer.querySelector("a").href = `#${block.id}`;
  offer.hidden = false;
  const dismiss = () => {
    offer.hidden = true;
  };
  offer.querySelector("a").addEventListener("click", dismiss);
  offer.querySelector("button").addEventListener("click", () => {
    dismiss();
    store("");
  });
}

let timer = 0;
function noteWhenSettled() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const first = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 0);
    const last = blocks[blocks.length - 1].getBoundingClientRect();
    if (first < 0) return; // Among the comments.
    if (last.top < innerHeight)
      store(""); // Read to its end.
    else if (first >= BEGINNING) {
      offer.hidden = true;
      store(blocks[first].id);
    }
  }, SETTLED);
}

if (offer && blocks.length > BEGINNING) {
  offerToContinue();
  addEventListener("scroll", noteWhenSettled, { passive: true });
}

export {}; // A module: its names are its own.
