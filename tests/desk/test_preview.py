"""Previews: who sees them, and that text made to be slow costs no more than its length (cases.md I17)."""

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from articles.desk.preview import preview_posted
from articles.publishing import saving
from articles.publishing.companions import Companions, Quote, Related
from articles.publishing.models import Article, SitePage
from tests.desk.conftest import BODY, sign_in
from tests.desk.forms import form_of
from tests.factories import make_article, make_reader
from tests.text.growth import LINEAR, growth

pytestmark = pytest.mark.django_db


def _preview(text: str) -> None:
    form = QueryDict(mutable=True)
    form.update({"headline": "The clock on the quay", "body": text})
    preview_posted(None, form)


def _save(text: str) -> None:
    saving.save_article(Article(headline="The clock on the quay", body=text), by=None)


@pytest.mark.parametrize(("piece", "size"), [("://", 12_000), ('[x](a "', 8_000)])
def test_twice_the_text_takes_twice_the_time(piece: str, size: int) -> None:
    for function in (_preview, _save):
        assert growth(function, lambda count: piece * count, size) < LINEAR


def test_a_draft_is_previewed_by_those_who_may_edit_and_no_one_else(client: Client) -> None:
    article = make_article("Secret story", body=BODY, published=False)
    url = reverse("preview", args=[article.pk])
    assert client.get(url).status_code == 404
    client.force_login(make_reader())
    assert client.get(url).status_code == 404
    sign_in(client, "Moderator")
    assert client.get(url).status_code == 404
    sign_in(client, "Writer")
    answer = client.get(url)
    assert "Secret story" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_form_is_previewed_as_typed_and_nothing_is_saved(client: Client) -> None:
    sign_in(client, "Writer")
    beside = Companions(quotes=[Quote(text="Of salt", after=1)], related=[Related(headline="Elsewhere")])
    article = make_article("Bread", body=BODY, published=False, companions=beside, authors=["Ana Lima"])
    form = form_of(client.get(reverse("admin:articles_article_change", args=[article.pk])))
    form["body"] = "A new beginning.\n\n" + form["body"].replace("salt", "*coarse* salt")
    url = reverse("preview_form", args=[article.pk])
    fragment = client.post(url, form, headers={"HX-Request": "true"}).content.decode()
    order = [
        fragment.index(words) for words in ("Ana Lima", "A new beginning", "<em>coarse</em>", "Of salt", "Elsewhere")
    ]
    assert order == sorted(order)
    assert "<html" not in fragment
    whole = client.post(url, form)
    assert "<h1" in whole.content.decode() and "A new beginning" in whole.content.decode()
    assert Article.objects.get(pk=article.pk).body == BODY
    assert article.revisions.count() == 1


def test_an_article_that_is_not_saved_yet_is_previewed_too(client: Client) -> None:
    sign_in(client, "Writer")
    answer = client.post(reverse("preview_new"), {"headline": "New", "body": "## Words\n\n<script>x</script>"})
    page = answer.content.decode()
    assert "<h2" in page and "<script>x" not in page


@pytest.mark.parametrize(
    "odd",
    [
        {"pull_quotes-TOTAL_FORMS": "999999999", "pull_quotes-0-text": "x", "pull_quotes-0-after": "²"},
        {"related_links-TOTAL_FORMS": "²", "dated": "2026-99-99", "language": "x" * 999},
        {"body": "\x00\ud800".encode("utf-8", "ignore").decode(), "headline": "\u202e", "bylines-TOTAL_FORMS": "-1"},
    ],
)
def test_odd_forms_do_a_preview_no_harm(client: Client, odd: dict[str, str]) -> None:
    sign_in(client, "Writer")
    assert client.post(reverse("preview_new"), odd).status_code == 200


def test_boxes_are_previewed_as_readers_see_them(client: Client) -> None:
    sign_in(client, "Writer")
    form = {"headline": 'The "tide"', "body": "Text.", "related_links-TOTAL_FORMS": "3"}
    urls = ("javascript:alert(1)", "ftp://paper.example/file", "https://paper.example/tide")
    for number, url in enumerate(urls):
        form |= {f"related_links-{number}-headline": f"Box {number}", f"related_links-{number}-url": url}
    page = client.post(reverse("preview_new"), form).text
    assert "javascript:" not in page and "ftp:" not in page and 'href="https://paper.example/tide"' in page
    assert page.count(f"Also on {settings.PAPER_NAME}") == 3
    assert "<title>Preview: The “tide” · The Lantern</title>" in page


def test_twice_the_blanks_in_a_rows_name_take_twice_the_time() -> None:
    def preview(text: str) -> None:
        form = QueryDict(mutable=True)
        form.update({"related_links-TOTAL_FORMS": "1", "related_links-0-target": text})
        preview_posted(None, form)

    assert growth(preview, lambda count: f"a{' ' * count}b", 20_000) < LINEAR


def test_a_writer_previews_no_changes_to_what_readers_see(client: Client) -> None:
    sign_in(client, "Writer")
    assert client.post(reverse("preview_form", args=[make_article().pk]), {"body": "x"}).status_code == 404


def test_site_pages_are_edited_and_previewed_by_editors_only(client: Client) -> None:
    text, _made = SitePage.objects.get_or_create(slug="rules", defaults={"title": "Rules", "body": "Be kind."})
    url = reverse("admin:articles_sitepage_change", args=[text.pk])
    sign_in(client, "Writer")
    assert client.get(url).status_code == 403
    assert client.post(reverse("preview_site_page"), {"body": "x"}).status_code == 404
    sign_in(client, "Editor")
    assert client.post(reverse("preview_site_page"), {"body": "**Be** kind"}).status_code == 200
    form = {**form_of(client.get(url)), "body": "**Be** kind.", "slug": "other", "_save": "1"}
    assert client.post(url, form).status_code == 302
    text.refresh_from_db()
    assert "<strong>Be</strong>" in text.body_html
    assert text.slug == "rules"
