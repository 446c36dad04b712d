"""Put the publication's own settings, which owners change at the desk, into Django's: its name, zone, publisher.

With them goes what all pages need to know of the site pages. What the environment sets wins. Each process applies the
row again when the version of the site has changed, which a trigger does with the row: pages that are cached under a
version are made with the settings of that version.
"""

import time
import zoneinfo
from dataclasses import dataclass, fields
from email.utils import formataddr, parseaddr
from threading import Lock
from typing import Any

from django.conf import settings
from django.db.models import Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import trans_real

from articles.publishing import accent_colours
from articles.publishing.models import RulesVersion, SitePage, SiteSettings
from articles.web.page_versions import SITE, read_versions

# The settings that the environment may set, with their fields.
FIELDS = {
    "PAPER_NAME": "name",
    "TIME_ZONE": "time_zone",
    "LANGUAGE_CODE": "language",
    "COMMENTS_DAYS": "comments_days",
    "EDITOR_EMAIL": "editor_email",
}
# Site pages on which the publication says who it is, by the names of their URLs, in the order of the links.
ABOUT_PAGES = {
    "masthead": "masthead",
    "ethics": "ethics",
    "corrections_policy": "corrections-policy",
    "accessibility": "accessibility",
}
CHECK_INTERVAL = 5.0  # Seconds in which a page that isn't cached may still have the earlier settings.


@dataclass(frozen=True, slots=True)
class Logo:
    digest: str
    width: int
    height: int

    @property
    def html(self) -> SafeString:
        """The logo beside the name, which says the same."""
        tag = '<img class="logo" src="{}" alt="" width="{}" height="{}">'
        return format_html(tag, reverse("logo", args=[self.digest]), self.width, self.height)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the site, and how to reach them beside `EDITOR_EMAIL`. Each as the row has it, or empty."""

    phone: str = ""
    contact_languages: str = ""
    authorities_email: str = ""
    security_email: str = ""
    police_contact: str = ""
    legal_name: str = ""
    postal_address: str = ""
    register: str = ""
    responsible: str = ""
    owners: str = ""
    public_funds: str = ""


_originals: dict[str, Any] = {}
"""What the settings were before a row changed them."""
_lock = Lock()
_applied_version = 0
_checked_at = 0.0


def apply_version(version: int) -> None:
    """Apply the row if this version of the site isn't the one whose row was applied. Call it after reading versions."""
    global _applied_version  # noqa: PLW0603 -- settings are the process's
    if version and version != _applied_version:
        with _lock:  # What is read later is applied later.
            _apply(_values(SiteSettings.stored()))
            _applied_version = version


def refresh() -> None:
    """Apply the row if it has changed: one query, another if it has."""
    global _checked_at  # noqa: PLW0603 -- settings are the process's
    _checked_at = time.monotonic()
    apply_version(read_versions([SITE]).get(SITE, 0))


def refresh_now_and_then() -> None:
    """Do the same for pages that read no versions, once in some seconds."""
    if time.monotonic() - _checked_at > CHECK_INTERVAL:
        refresh()


def is_fixed(setting: str) -> bool:
    """Return whether the environment sets it."""
    return setting in settings.SET_IN_ENVIRONMENT


def available_languages() -> list[str]:
    """Return the languages into which the project's own words are translated; the checks see that they are wholly."""
    folder = settings.LOCALE_PATHS[0]
    return ["en", "en-gb", *sorted(path.name for path in folder.glob("*") if path.name != "en" and path.is_dir())]


def _values(row: SiteSettings) -> dict[str, Any]:
    """Return the settings that a row changes, without values that can't be: plain SQL can write anything."""
    values: dict[str, Any] = {}
    for setting, name in FIELDS.items():
        value = getattr(row, name)
        if value not in ("", None) and not is_fixed(setting):
            values[setting] = value
    if values.get("TIME_ZONE", "UTC") not in zoneinfo.available_timezones():
        del values["TIME_ZONE"]
    if values.get("LANGUAGE_CODE", "en") not in available_languages():
        del values["LANGUAGE_CODE"]
    if accent_colours.is_colour(row.accent):
        values["ACCENT"] = row.accent
    if row.logo_digest:
        values["LOGO"] = Logo(row.logo_digest, row.logo_width, row.logo_height)
    values |= _of_pages()
    values["PUBLISHER"] = Publisher(**{part.name: getattr(row, part.name) for part in fields(Publisher)})
    if paper := values.get("PAPER_NAME"):
        values |= {"ACCOUNT_EMAIL_SUBJECT_PREFIX": f"[{paper}] ", "MFA_TOTP_ISSUER": paper}
        if not is_fixed("DEFAULT_FROM_EMAIL"):
            values["DEFAULT_FROM_EMAIL"] = formataddr((paper, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    return values


def _of_pages() -> dict[str, Any]:
    """Return what all pages need to know of the site pages, in one query."""
    changes = RulesVersion.objects.filter(number__gt=1).order_by("-number").values("published_at")
    pages = SitePage.objects.filter(slug__in=["rules", *ABOUT_PAGES.values()]).exclude(body="")
    rows = list(pages.annotate(changed_at=Subquery(changes[:1])).values_list("slug", "title", "changed_at"))
    return {
        "ABOUT_TITLES": {slug: title for slug, title, _changed in rows if slug != "rules"},
        "RULES_CHANGED_AT": rows[0][2] if rows else None,
    }


def _apply(values: dict[str, Any]) -> None:
    before = {name: getattr(settings, name) for name in _originals | values}
    for name in _originals.keys() - values.keys():
        setattr(settings, name, _originals.pop(name))
    for name, value in values.items():
        _originals.setdefault(name, getattr(settings, name))
        setattr(settings, name, value)
    changed = {name for name, value in before.items() if value != getattr(settings, name)}
    # What Django remembers of them for the life of a process.
    if "TIME_ZONE" in changed:
        timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]
    if "LANGUAGE_CODE" in changed:
        trans_real._default = None  # type: ignore[attr-defined]
