"""What an owner does before readers come to a new site: a list on the desk that is gone when all of it is done.

Nothing is stored: each step can be seen from the settings or from the database.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.publishing.about_pages import publisher
from articles.publishing.models import Article, Section, SitePage

if TYPE_CHECKING:
    from articles.accounts.models import User


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    help: str
    done: bool
    url: str = ""
    """Empty for a setting, which only the operator can change."""


def open_checklist(person: "User") -> list[Step]:
    """Return all steps while one of them is open; nothing for those who aren't owners."""
    if not person.is_superuser:
        return []
    steps = [*(_settings() if settings.PUBLIC else []), *_at_the_desk(person)]
    return steps if any(not step.done for step in steps) else []


def _settings() -> list[Step]:
    name = {"name": settings.PAPER_NAME}
    return [
        Step(
            _("Name the publication"),
            _("The name is “%(name)s” now. Logo, colour, time zone and language are on the same page.") % name,
            settings.PAPER_NAME != settings.DEFAULT_PAPER_NAME,
            reverse("site_settings"),
        ),
        Step(
            _("Send email"),
            _("Set EMAIL_URL on the server. Without it nobody can sign up or reset a password."),
            settings.EMAIL_IS_SENT,
        ),
        Step(
            _("Give readers a contact"),
            _("An email address for readers and authorities. The page “Contact” and the community rules show it."),
            bool(settings.EDITOR_EMAIL),
            reverse("publisher"),
        ),
        Step(
            _("Say who publishes and owns this site"),
            _("The law asks for it in many countries. The page “Imprint and ownership” shows it."),
            bool(publisher().legal_name and publisher().owners),
            reverse("publisher"),
        ),
    ]


def _at_the_desk(person: "User") -> list[Step]:
    published = Article.objects.public().exists()
    steps = []
    if settings.PUBLIC:
        steps = [
            Step(
                _("Protect your account"),
                _("Turn on two-step verification. An owner’s account can change everything here."),
                Authenticator.objects.filter(user=person).exists(),
                reverse("mfa_index"),
            ),
            *_site_pages(),
        ]
    return [
        *steps,
        Step(
            _("Add sections"),
            _("They are the menu at the top of each page. A small site can do without them."),
            published or Section.objects.exists(),
            reverse("admin:articles_section_add"),
        ),
        Step(
            _("Publish the first article"),
            _("Until then, readers see that nothing is published yet."),
            published,
            reverse("admin:articles_article_add"),
        ),
    ]


def _site_pages() -> list[Step]:
    """Pages that speak for the publication, and that someone here should have read, or written, and saved."""
    saved = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(SitePage))
    read = set(saved.values_list("object_id", flat=True))
    return [
        Step(
            (_("Check the page “%(title)s”") if page.body else _("Write the page “%(title)s”")) % {"title": page.title},
            _("Change what is different here, then save it.")
            if page.body
            else _("Readers see it once it has a text. To do without it, save it as it is."),
            str(page.pk) in read,
            reverse("admin:articles_sitepage_change", args=[page.pk]),
        )
        for page in SitePage.objects.order_by("pk")
    ]
