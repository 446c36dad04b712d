"""The pages on which the publication says who it is, and which of them have something to say.

They are what Regulation (EU) 2022/2065 (articles 11 and 12) and Regulation (EU) 2024/1083 (article 6) ask for, and what
schema.org's NewsMediaOrganization names.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.publishing.site_settings import ABOUT_PAGES, Publisher


@dataclass(frozen=True, slots=True)
class AboutPage:
    name: str
    """Of its URL."""
    title: str

    @property
    def url(self) -> str:
        return reverse(self.name)


def publisher() -> Publisher:
    """Return who publishes the site, as owners said at the desk."""
    return settings.PUBLISHER or Publisher()


def published_pages() -> list[AboutPage]:
    """Return the pages that aren't empty. Their titles are applied with the site's settings, so this takes no query."""
    titles: dict[str, str] = settings.ABOUT_TITLES
    pages = [AboutPage("contact", _("Contact"))] if settings.EDITOR_EMAIL else []
    if publisher().legal_name:
        pages.append(AboutPage("imprint", _("Imprint and ownership")))
    return [*pages, *(AboutPage(name, titles[slug]) for name, slug in ABOUT_PAGES.items() if slug in titles)]
