// @ts-check
// Pages of signed-in readers aren't stored, but WebKit keeps the last ones in memory over plain HTTP, and other browsers
// may. After signing out, Back would show such a page: ask the server for it again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.documentElement.hidden = true;
  location.reload();
});
