// Comments that arrive while a page is open: a bar says how many, over the page, so that nothing moves until its reader
// asks for them. Pages ask without cookies and with the tag of the last answer; while nothing is new, the answer is empty.
(() => {
  const talk = document.querySelector(".discussion[data-updates-url]");
  if (!talk) return;
  const bar = document.getElementById("new-comments-bar");
  const place = document.getElementById("new-comments");
  const [offer, later] = [bar.querySelector("a"), bar.querySelector("[data-dismiss]")];
  const [least, most] = [talk.dataset.minWait * 1000, talk.dataset.maxWait * 1000];
  const AWAY = 600_000; // Milliseconds at most between tries while the paper can't be reached.
  let newest = Number(talk.dataset.newest);
  let wait = least;
  let timer = 0;
  let asked = Date.now();
  let tag = "";
  let offered = 0; // How many are on the bar.
  let put = 0; // How many its reader has put off.
  let reading = null; // Where they were when they went to the new comments.

  const stands = (number) => document.getElementById(`comment-${number}`);
  const say = (words) => { const said = document.getElementById("announcements"); if (said) said.textContent = words; };

  const show = ({ comments, says }) => {
    const count = comments.filter((number) => !stands(number)).length;
    if (count && count > put) {
      offer.textContent = says[count - 1];
      if (!offered) say(says[count - 1]); // Told once; a voice with each further one would be noise.
      reading = null;
      bar.hidden = false;
      offered = count;
    } else if (!reading) {
      bar.hidden = true;
      offered = 0;
    }
  };

  const ask = async () => {
    asked = Date.now();
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(`${talk.dataset.updatesUrl}?after=${newest}`, { credentials: "omit", cache: "no-store", headers });
      if (answer.status === 404) return stop();
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") ?? "";
        wait = least;
        show(await answer.json());
      } else {
        wait = answer.status === 304 ? Math.min(wait * 1.25, most) : Math.min(wait * 2, AWAY);
      }
    } catch {
      wait = Math.min(wait * 2, AWAY); // Offline, or the paper is being started again.
    }
    return plan();
  };
  // A little earlier or later each time: pages that were opened together do not ask together.
  const plan = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, wait * (0.8 + Math.random() * 0.4));
  };
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
    bar.hidden = true;
  };
  // A page that nobody looks at does not ask at all; looked at again, it asks at once if it is time.
  const seen = () => {
    clearTimeout(timer);
    if (!document.hidden) Date.now() - asked > wait ? ask() : plan();
  };

  const anchor = () => {
    const items = [...document.querySelectorAll(".thread .comment, .story .text > *")];
    const top = items.find((item) => item.getBoundingClientRect().bottom > 0);
    return top && { item: top, at: top.getBoundingClientRect().top, focus: document.activeElement };
  };
  const back = () => {
    scrollBy({ top: reading.item.getBoundingClientRect().top - reading.at, behavior: "instant" });
    reading.item.tabIndex = -1;
    (reading.focus?.isConnected && reading.item.contains(reading.focus) ? reading.focus : reading.item).focus({ preventScroll: true });
    reading = null;
    bar.hidden = true;
  };

  const load = async () => {
    const before = anchor();
    const answer = await fetch(`${talk.dataset.updatesUrl}shown/?after=${newest}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = document.createRange().createContextualFragment(await answer.text()).querySelector(".new-comments");
    for (const comment of fresh.querySelectorAll(".comment")) {
      if (document.getElementById(comment.id)) comment.closest("li").remove(); // The reader's own.
    }
    const first = fresh.querySelector(".comment");
    newest = Number(fresh.dataset.newest);
    tag = "";
    offered = put = 0;
    if (!first) { bar.hidden = true; return; }
    place.prepend(fresh);
    for (const link of fresh.querySelectorAll(".in-reply-to a")) {
      const number = link.getAttribute("href").match(/^\/comments\/(\d+)\/$/)?.[1];
      if (number && stands(number)) link.setAttribute("href", `#comment-${number}`);
    }
    window.htmx?.process(fresh);
    document.getElementById("talk-title").textContent = fresh.dataset.title;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    fresh.scrollIntoView({ block: "start" });
    say(`${fresh.querySelector("h3").textContent}. ${place.dataset.announcement}`);
    bar.hidden = !before;
    reading = before ?? null;
    offer.textContent = place.dataset.return;
    plan();
  };
  offer.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (reading) back();
    else load().catch(() => location.assign(offer.href)); // The plain way shows the same.
  });
  later.addEventListener("click", () => {
    put = offered;
    offered = 0;
    const here = anchor()?.item ?? talk;
    reading = null;
    bar.hidden = true;
    here.tabIndex = -1;
    here.focus({ preventScroll: true }); // Not back to the page's first line.
  });

  // Nobody who reads the article alone asks: it begins when the discussion is near.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    document.addEventListener("visibilitychange", seen);
    plan();
  }, { rootMargin: "100% 0px" }).observe(talk);
})();
