"""Read a page's form as a browser would send it, and send the article's."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from articles.desk.companion_form import KINDS
from articles.publishing.companion_lines import read_lines
from articles.publishing.companions import MAX_ROWS
from articles.publishing.models import Article


class Fields(HTMLParser):
    """Successful controls of the one form that has a version field or of the whole page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.data: dict[str, str] = {}
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name = at.get("name")
        if tag == "textarea" and name:
            self.area = name
            self.data[name] = ""
        elif tag == "select" and name:
            self.select = name
            self.data.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in at:
            self.data[self.select] = at.get("value") or ""
        elif tag == "input" and name and at.get("type") not in ("submit", "button", "image"):
            if at.get("type") in ("checkbox", "radio") and "checked" not in at:
                return
            self.data[name] = at.get("value") or ("on" if at.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            # The first line break after the tag is not part of the text; browsers send CR LF.
            self.data[self.area] = self.data[self.area].removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area] += data


def form_of(response: Any) -> dict[str, str]:
    parser = Fields()
    parser.feed(response.content.decode())
    return {name: value for name, value in parser.data.items() if "__prefix__" not in name}


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def save(client: Client, article: Article | None, step: str = "_save", **fields: Any) -> Any:
    url = change_url(article) if article else reverse("admin:articles_article_add")
    form = form_of(client.get(url))
    if "body" in fields or any(name.endswith("-after") for name in fields):
        form = without_lines(form)
    return client.post(url, {**form, step: "1", **fields})


def without_lines(form: dict[str, str]) -> dict[str, str]:
    """Return a form in which pictures, pull quotes and boxes stand where their own fields say, not the text's lines."""
    body = form["body"].replace("\r\n", "\n")
    bare = read_lines(body, {(kind, number) for kind in KINDS.values() for number in range(1, MAX_ROWS)}).body
    return {name: value for name, value in form.items() if name != "lines"} | {"body": bare}


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)
