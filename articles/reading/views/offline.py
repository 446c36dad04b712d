"""Reading without a line: the service worker, and its page for what it hasn't kept."""

import json
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# What each page of readers needs, and the offline page first of all.
FILES = ("css/site.css", "fonts/newsreader-roman.woff2", "js/theme.js", "js/site.js", "img/favicon.svg")
# Where reading offline is switched off, browsers that have the worker get this one, which takes itself away.
SWITCHED_OFF = """
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith("newsroom-")) await caches.delete(name);
    await self.registration.unregister();
  };
  event.waitUntil(forget());
});
"""


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker after its settings. Browsers ask for it with each page, and compare it."""
    script = _script(get_language()) if settings.OFFLINE_READING else SWITCHED_OFF
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _script(language: str) -> str:
    path = finders.find("js/service-worker.js")
    worker = Path(path or "").read_text("utf-8")
    files = [static(name) for name in FILES]
    told = {
        # Names of static files carry their hashes, so that this changes with them.
        "version": blake2b("\n".join([*files, worker, language]).encode(), digest_size=8).hexdigest(),
        "offlineUrl": reverse("offline"),
        "files": files,
        "language": language,
        # Translators: %s is a date with a time.
        "notice": _("You’re offline. This page is as it was on %s."),
    }
    return f"self.offlineReading = {json.dumps(told)};\n{worker}"


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "reading/offline.html")
