"""The stored HTML of comments: never out of date on a page, and brought up to date in the background."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from articles.discussion import comment_html, moderating
from articles.discussion.models import Comment
from articles.discussion.threads import discussion_page, thread_html
from articles.discussion.threads.thread_html import FIELDS, Row
from articles.publishing.models import Article
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db
NAME = "discussion/_comment.html"
TYPED = "<!--@controls--> and `<!--@controls-->` and <!--@number-->"


@pytest.fixture
def edit_template(tmp_path: Path, settings: Any) -> Any:
    def edit(old: str, new: str, name: str = NAME) -> None:
        source = Path(settings.BASE_DIR, "templates", name).read_text()
        assert old in source
        edited = tmp_path / name
        edited.parent.mkdir(exist_ok=True)
        edited.write_text(source.replace(old, new))
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    return edit


def page_of(article: Article) -> str:
    return discussion_page.discussion_page(article, viewer=AnonymousUser()).html


def test_an_edited_template_changes_pages_at_once_and_stored_html_in_the_background(
    client: Client, edit_template: Any
) -> None:
    comment = make_comment(body="A calm word")
    reply = make_comment(parent=comment)
    edit_template('class="comment-body"', 'class="comment-body edited"')
    pages = [comment.article.get_absolute_url(), comment.get_absolute_url(), reverse("thread", args=[comment.pk])]
    client.force_login(author_of(comment))
    for url in pages:
        assert client.get(url).text.count('class="comment-body edited"') == 2
    assert client.get(reverse("report", args=[reply.pk])).text.count('class="comment-body edited"') == 1
    assert not Comment.objects.filter(html__contains="comment-body edited").exists()
    assert comment_html.render_outdated() == 2
    assert Comment.objects.filter(html__contains="comment-body edited").count() == 2
    assert comment_html.render_outdated() == 0


def test_controls_follow_their_template_too(edit_template: Any) -> None:
    article = make_comment().article
    page_of(article)
    edit_template("Report", "Complain", "discussion/_comment_actions_public.html")
    assert "Complain" in page_of(article)


def test_an_included_template_counts(edit_template: Any, tmp_path: Path) -> None:
    (tmp_path / "note.html").write_text("{% if comment.pk > 5 %}a{% endif %}")  # Of no specimen.
    edit_template("{{ controls }}", '{% include "note.html" %}{{ controls }}')
    before = comment_html.current_version()
    (tmp_path / "note.html").write_text("{% if comment.pk > 5 %}b{% endif %}")
    edit_template("{{ controls }}", '{% include "note.html" %}{{ controls }}')
    assert comment_html.current_version() != before


def test_html_in_another_language_is_out_of_date(settings: Any) -> None:
    comment = make_comment()
    month = f"{comment.posted_at:%B}"
    assert month in comment.html
    with translation.override("nb"):
        norwegian = page_of(comment.article)
    assert month not in norwegian and month in page_of(comment.article)
    assert comment_html.render_outdated() == 0
    settings.LANGUAGE_CODE = "nb"
    with translation.override("nb"):
        assert comment_html.render_outdated() == 1
        comment.refresh_from_db()
        assert month not in comment.html and comment.html_version == comment_html.current_version()


def test_a_comment_is_stored_in_the_site_s_language_whoever_posts_it() -> None:
    with translation.override("nb"):
        comment = make_comment()
    assert f"{comment.posted_at:%B}" in comment.html
    assert comment.html_version == comment_html.current_version()


def test_the_version_depends_on_labels_translations_and_time_zone(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [comment_html.current_version()]
    for language in ("nb", "fi"):
        with translation.override(language):
            versions.append(comment_html.current_version())
    settings.TIME_ZONE = "Asia/Tokyo"
    versions.append(comment_html.current_version())
    assert len(set(versions)) == len(versions)


def test_stale_html_costs_one_query_and_current_html_none() -> None:
    article = make_article()
    for _ in range(3):
        make_comment(article)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(article)
        return len(captured)

    usual = queries()
    Comment.objects.update(html_version=0)
    assert queries() == usual + 1
    comment_html.render_outdated()
    assert queries() == usual


def test_outdated_html_is_rendered_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()
    for _ in range(5):
        make_comment(article)
    monkeypatch.setattr(comment_html, "BATCH", 2)
    monkeypatch.setattr(comment_html, "BATCHES", 2)
    Comment.objects.update(html="", html_version=0)
    assert [comment_html.render_outdated() for _ in range(3)] == [4, 1, 0]
    assert not Comment.objects.filter(html="").exists()


def test_hidden_text_is_in_no_html_that_is_rendered_again() -> None:
    comment = make_comment(body="Vile words")
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Insults")
    Comment.objects.update(html_version=0)
    assert "Vile" not in page_of(comment.article)
    comment_html.render_outdated()
    comment.refresh_from_db()
    assert "Vile" not in comment.html and "Vile" not in page_of(comment.article)


def test_a_comment_held_since_its_row_was_read_is_left_out() -> None:
    comment = make_comment(body="Vile words")
    Comment.objects.update(html_version=0)
    row = Row._make(Comment.objects.values_list(*FIELDS).get())
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.HELD)
    assert thread_html.up_to_date([row]) == []


def test_what_looks_like_a_placeholder_comes_out_as_text(client: Client) -> None:
    article = make_article()
    comment = make_comment(article, TYPED)
    Comment.objects.filter(pk=make_comment(article, author=author_of(comment)).pk).update(
        state=Comment.State.HELD, held_because="It contains <!--@number-->."
    )
    held = Comment.objects.get(state=Comment.State.HELD)
    addresses = [article.get_absolute_url(), comment.get_absolute_url(), held.get_absolute_url()]
    for reader in (None, author_of(comment), make_reader()):
        if reader:
            client.force_login(reader)
        for url in addresses:
            answer = client.get(url)
            assert "<!--@" not in answer.text
            if answer.status_code == 200 and url != held.get_absolute_url():
                assert answer.text.count("&lt;!--@controls--&gt;") >= 2
    client.force_login(author_of(comment))
    assert "It contains &lt;!--@number--&gt;." in client.get(held.get_absolute_url()).text
