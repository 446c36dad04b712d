"""Helpers to inspect the HTML of readers' pages."""

import re
from html.parser import HTMLParser

from articles.publishing.models import Article


class Page(HTMLParser):
    """The elements of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open, data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def hrefs(self) -> list[str]:
        return [attributes["href"] or "" for _tag, attributes in self.elements if "href" in attributes]


def json_ld_of(html: str) -> str:
    """Return the JSON-LD of a page, unparsed."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def archive_urls_of(article: Article) -> list[str]:
    assert article.dated is not None
    return [f"/archive/{article.dated:%Y}/", f"/archive/{article.dated:%Y/%m}/", f"/archive/{article.dated:%Y/%m/%d}/"]
