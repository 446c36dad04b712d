"""Read a page's form as a browser would send it, and send the article's."""

from typing import Any

from django.test import Client
from django.urls import reverse

from articles.desk.companion_form import KINDS
from articles.publishing.companion_lines import read_lines
from articles.publishing.companions import MAX_ROWS
from articles.publishing.models import Article
from tests.html_form import fields_of


def form_of(response: Any) -> dict[str, str]:
    return fields_of(response.content.decode())


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
