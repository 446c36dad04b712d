// @ts-check
// Reading without a line. Pages that are the same for everybody are kept when they are read, with their pictures and
// static files, and shown when the network fails. Pages of signed-in readers are never kept: of an article that one of
// them reads, the page that everybody sees is fetched and kept.
// `reading/views/offline.py` serves this file after a line with its settings. A new version of the static files is a new
// worker, which begins with an empty cache.

const worker = /** @type {any} */ (self);
/** @type {{version: string, offlineUrl: string, files: string[], language: string, notice: string}} */
const settings = worker.offlineReading;
const CACHE = `newsroom-${settings.version}`;
const MOST_PAGES = 100;
const MOST_PICTURES = 100;
const MOST_LISTED = 20;
const ARTICLE = /^\/\d{4}\/\d\d\/\d\d\/[^/]+\/$/;

/**
 * @param {string} text
 * @returns {string}
 */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {Request} request */
const isPicture = (request) => request.destination === "image";

/**
 * Whether everybody gets the same: such pages have a tag, and may be kept if they are asked for again each time.
 * @param {Response} response
 */
function isShared(response) {
  const caching = response.headers.get("Cache-Control") ?? "";
  return response.ok && !response.redirected && response.headers.has("ETag") && caching === "no-cache";
}

/**
 * Keep a response as the newest of its kind.
 * @param {Request} request
 * @param {Response} response
 * @param {(kept: Request) => boolean} isOfKind
 * @param {number} most
 */
async function keep(request, response, isOfKind, most) {
  const cache = await caches.open(CACHE);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, response);
  const kept = (await cache.keys()).filter(isOfKind);
  await Promise.all(kept.slice(0, -most).map((old) => cache.delete(old, { ignoreVary: true })));
}

/** @param {Request} kept */
const isPage = (kept) => {
  const { pathname } = new URL(kept.url);
  return !pathname.startsWith("/static/") && !pathname.startsWith("/media/") && pathname !== settings.offlineUrl;
};
/** @param {Request} kept */
const isMedia = (kept) => new URL(kept.url).pathname.startsWith("/media/");

/**
 * @param {Request} request
 * @param {Response} response
 */
async function keepPage(request, response) {
  if (isShared(response)) await keep(new Request(request.url), response, isPage, MOST_PAGES);
  else if (response.ok && ARTICLE.test(new URL(request.url).pathname)) {
    const shared = await fetch(request.url, { credentials: "omit" });
    if (isShared(shared)) await keep(new Request(request.url), shared, isPage, MOST_PAGES);
  }
}

/**
 * Return a kept page with other HTML, under its headers: its content policy is one of them.
 * @param {Response} response
 * @param {string} html
 * @param {number} status
 */
function changed(response, html, status) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  return new Response(html, { status, headers });
}

/**
 * Say over a kept page that it is one, and of when.
 * @param {Response} response
 */
async function marked(response) {
  const date = new Date(response.headers.get("Date") ?? Date.now());
  const when = date.toLocaleString(settings.language, { dateStyle: "long", timeStyle: "short" });
  const notice = `<p class="notice offline">${escaped(settings.notice.replace("%s", when))}</p>`;
  const html = (await response.text()).replace("<main ", `${notice}<main `);
  return changed(response, html, 200);
}

/** The page for what is not kept, with a list of the articles that are. */
async function offlinePage() {
  const cache = await caches.open(CACHE);
  const articles = (await cache.keys()).filter((kept) => ARTICLE.test(new URL(kept.url).pathname));
  let items = "";
  for (const kept of articles.reverse().slice(0, MOST_LISTED)) {
    const html = await (await cache.match(kept, { ignoreVary: true })).text();
    const headline = html.match(/<meta property="og:title" content="([^"]*)"/)?.[1];
    if (headline) items += `<li><a href="${escaped(new URL(kept.url).pathname)}" dir="auto">${headline}</a></li>`;
  }
  const page = await cache.match(settings.offlineUrl, { ignoreVary: true });
  if (!page) return Response.error();
  const html = (await page.text()).replace("<li hidden></li>", items);
  return changed(page, html, 503);
}

/** @param {any} event */
async function page(event) {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    const copy = response.clone();
    event.waitUntil(keepPage(event.request, copy).catch(() => {})); // The disk is full, or the line is gone now.
    return response;
  } catch {
    const kept = await caches.match(event.request.url, { cacheName: CACHE, ignoreVary: true });
    return kept ? marked(kept) : offlinePage();
  }
}

/** @param {any} event */
async function file(event) {
  const { request } = event;
  const kept = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) {
    const [isOfKind, most] = isPicture(request) ? [isMedia, MOST_PICTURES] : [() => false, 0];
    event.waitUntil(keep(request, response.clone(), isOfKind, most).catch(() => {}));
  }
  return response;
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  const requests = [settings.offlineUrl, ...settings.files].map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
  worker.skipWaiting();
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const forgetOlder = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("newsroom-") && name !== CACHE);
    await Promise.all(names.map((name) => caches.delete(name)));
    await worker.registration.navigationPreload?.enable(); // The page is asked for while the worker starts.
    await worker.clients.claim();
  };
  event.waitUntil(forgetOlder());
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/") || isPicture(request)) event.respondWith(file(event));
});
