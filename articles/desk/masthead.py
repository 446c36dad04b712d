"""The desk's links in the masthead, in place of the site's sections."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import moderation_page
from articles.importing.rules import may_import
from articles.publishing import rules

if TYPE_CHECKING:
    from articles.accounts.models import User


@dataclass(frozen=True, slots=True)
class DeskLink:
    title: str
    url: str
    current: str
    """The value of `aria-current`: "page" on the page itself, "true" on a page below it, otherwise empty."""


def desk_links(person: "User", path: str) -> list[DeskLink]:
    """Return the links to what this person may open. `path` is that of the page they are on."""
    return [
        DeskLink(title, url, "page" if path == url else "true" if path.startswith(url) else "")
        for title, url in _links(person)
    ]


def _links(person: "User") -> Iterator[tuple[str, str]]:
    if person.has_perm("articles.view_article"):
        yield _("Articles"), reverse("admin:articles_article_changelist")
    if person.has_perm("articles.view_picture"):
        yield _("Pictures"), reverse("admin:articles_picture_changelist")
    if moderation_page.may_open(person):
        yield _("Moderation"), reverse("moderation")
    if rules.may_edit(person):
        yield _("Links"), reverse("admin:articles_linktarget_changelist")
    if may_import(person):
        yield _("Import"), reverse("import_articles")
    if person.is_superuser:
        yield _("People"), reverse("people")
        yield _("Site settings"), reverse("site_settings")
    if person.has_perm("articles.view_sitepage"):
        yield _("Site pages"), reverse("admin:articles_sitepage_changelist")
