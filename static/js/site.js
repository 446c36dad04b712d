// @ts-check
// On every page of readers: the key "/" goes to the search field, and a service worker keeps what was read.
// The search page has a switch for the key, as WCAG 2.1.4 asks of keys without a modifier; where something is typed, the
// key is only a character.

const STORED = "keys"; // The same switch as that of the keys in threads: on this device, once it is off.
const TYPED_INTO = "input, textarea, select, [contenteditable]";

function isOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // Storage is disabled.
  }
}

/** @type {HTMLInputElement | null} */
const field = document.querySelector(".search #q");
/** @type {HTMLAnchorElement | null} */
const link = document.querySelector("a.search-link");
/** @type {HTMLInputElement | null} */
const setting = document.querySelector(".search-key input");

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isOn()) return;
  if (event.target instanceof Element && event.target.closest(TYPED_INTO)) return;
  if (field) {
    event.preventDefault();
    field.select();
    field.focus();
  } else if (link) {
    event.preventDefault();
    location.href = `${link.href}#q`;
  }
});

if (location.hash === "#q") field?.focus();

if (setting) {
  setting.checked = isOn();
  setting.closest("label").hidden = false;
  setting.addEventListener("change", () => {
    try {
      if (setting.checked) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, "off");
    } catch {
      // Storage is disabled: the key stays on.
    }
  });
}

/** @type {HTMLScriptElement | null} */
const script = document.querySelector("script[data-service-worker]");
if (script && "serviceWorker" in navigator) {
  // After the page, so that it waits for nothing; browsers without a secure connection refuse.
  addEventListener("load", () => navigator.serviceWorker.register(script.dataset.serviceWorker).catch(() => {}));
}

export {}; // A module: its names are its own.
