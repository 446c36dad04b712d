"""The pages and fragments, by address."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.discussion import (
    comment_counts,
    comment_editing,
    comment_html,
    comment_limits,
    comment_withdrawing,
    moderating,
    recommending,
    reporting,
)
from articles.discussion.forms import CommentForm
from articles.discussion.models import Comment, Report
from articles.discussion.threads.thread_path import path_of
from articles.publishing import publishing, saving
from articles.publishing.models import Article
from tests.factories import author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def filled(
    article: Article, body: str = "Well said.", *, parent: Comment | None = None, waited: int = 5, **more: Any
) -> dict[str, Any]:
    """What a browser sends some seconds after it got the form."""
    with time_machine.travel(timezone.now() - timedelta(seconds=waited), tick=False):
        form = CommentForm(article=article, parent=parent)
        data: dict[str, Any] = {"body": body, "token": str(form.token_value), "made": form.made_value}
    if parent:
        data["parent"] = parent.pk
    return data | more


def post(client: Client, article: Article, **data: Any) -> Any:
    headers = data.pop("headers", {})
    return client.post(reverse("post_comment", args=[article.pk]), filled(article, **data), headers=headers)


def test_a_comment_posted_without_javascript_is_on_the_page_it_leads_to(signed_in: Client) -> None:
    article = make_article()
    answer = post(signed_in, article, body="Well said.")
    comment = Comment.objects.get()
    assert answer.status_code == 302
    page = signed_in.get(answer["Location"].partition("#")[0]).content.decode()
    assert "Well said." in page and f'id="comment-{comment.pk}"' in page and "Comment posted." in page
    assert answer["Location"].endswith(f"#comment-{comment.pk}")


def test_the_version_that_was_read_is_remembered(signed_in: Client) -> None:
    article = make_article()
    first = article.revisions.seen().get()
    long_ago = timezone.now() - timedelta(hours=2)
    article.revisions.seen().update(public_at=long_ago)
    data = filled(article, waited=3600)
    saving.save_article(article, by=None, reason="A later text")
    signed_in.post(reverse("post_comment", args=[article.pk]), data)
    assert Comment.objects.get().read_revision == first


def test_a_reply_leads_to_its_place(signed_in: Client) -> None:
    parent = make_comment(body="A first word")
    page = signed_in.get(reverse("reply", args=[parent.pk])).content.decode()
    assert "A first word" in page and f"Your reply to {author_of(parent).username}" in page
    answer = post(signed_in, parent.article, parent=parent, body="A second word")
    page = signed_in.get(answer["Location"]).content.decode()
    assert page.index("A first word") < page.index("A second word")


def test_the_same_form_sent_again_leads_to_the_first_comment(signed_in: Client) -> None:
    article = make_article()
    data = filled(article)
    url = reverse("post_comment", args=[article.pk])
    assert signed_in.post(url, data)["Location"] == signed_in.post(url, data)["Location"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"body": " "}, 422, "Enter some text."),
        ({"body": "x" * 5001}, 422, "1 character over the limit"),
        ({"website": "https://spam.example"}, 422, "Leave the hidden field empty"),
        ({"waited": 0}, 422, "automated posts"),
        ({"made": "forged"}, 422, "automated posts"),
        ({"token": str(uuid4())}, 422, "automated posts"),
    ],
)
def test_a_refused_comment_keeps_its_words_and_says_why(
    signed_in: Client, changes: dict[str, Any], status: int, words: str
) -> None:
    article = make_article()
    data = filled(article, **{"body": "Kept words", **changes})
    for headers in ({}, HTMX):
        answer = signed_in.post(reverse("post_comment", args=[article.pk]), data, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == status and words in page and 'aria-invalid="true"' in page
        assert data["body"].strip() in page
        assert ("<html" in page) != bool(headers)
    assert not Comment.objects.exists()


def test_a_reader_caught_by_the_time_trap_only_presses_again(signed_in: Client) -> None:
    article = make_article()
    data = filled(article, waited=0)
    url = reverse("post_comment", args=[article.pk])
    assert signed_in.post(url, data).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(seconds=3), tick=False):
        assert signed_in.post(url, data).status_code == 302
    assert comment_limits.MIN_FORM_SECONDS <= 3


def test_a_form_from_before_the_clock_was_set_back_is_posted(signed_in: Client) -> None:  # faults F19
    article = make_article()
    assert post(signed_in, article, waited=-3600).status_code == 302
    assert Comment.objects.count() == 1


def test_too_soon_is_429_with_a_time_to_wait_and_the_words_kept(signed_in: Client) -> None:
    article = make_article()
    post(signed_in, article, body="One")
    answer = post(signed_in, article, body="Two words")
    assert answer.status_code == 429 and 1 <= int(answer["Retry-After"]) <= 5
    assert b"Two words" in answer.content


def test_words_outlive_the_session(client: Client) -> None:
    article = make_article()
    for headers in ({}, HTMX):
        answer = post(client, article, body="Long thoughts", headers=headers)
        assert answer.status_code == 422
        assert b"Long thoughts" in answer.content and reverse("account_login").encode() in answer.content
        assert b'name="token"' in answer.content
    assert not Comment.objects.exists()


def test_words_outlive_the_comment_that_they_answer(signed_in: Client) -> None:
    parent = make_comment()
    comment_withdrawing.withdraw_comment(comment=parent, by=author_of(parent))
    answer = post(signed_in, parent.article, parent=parent, body="Long thoughts")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Long thoughts" in page and 'name="parent"' not in page


def test_words_outlive_the_edit_window_as_a_reply(signed_in: Client, reader: User) -> None:
    comment = make_comment(author=reader, at=timezone.now() - comment_editing.EDIT_WINDOW - timedelta(seconds=1))
    answer = signed_in.post(reverse("edit_comment", args=[comment.pk]), {"body": "Second thoughts"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Second thoughts" in page
    assert f'name="parent" value="{comment.pk}"' in page


def test_a_preview_shows_what_the_renderer_will_make_and_posts_nothing(signed_in: Client) -> None:
    article = make_article()
    answer = post(signed_in, article, body="*Well* said", preview="1")
    assert b"<em>Well</em> said" in answer.content and b"*Well* said" in answer.content
    fragment = signed_in.post(reverse("preview_comment"), {"body": "*Well* <b>"}, headers=HTMX).content
    assert b"<em>Well</em> &lt;b&gt;" in fragment
    assert not Comment.objects.exists()


def test_through_htmx_a_comment_comes_with_a_new_form_and_is_announced(signed_in: Client) -> None:
    article = make_article()
    data = filled(article)
    answer = signed_in.post(reverse("post_comment", args=[article.pk]), data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200 and "HX-Request" in answer["Vary"]
    assert 'hx-swap-oob="afterbegin:#thread"' in page and "Comment posted." in page and "1 comment\n" in page
    assert data["token"] not in page and 'name="token"' in page
    assert page.count("autofocus") == 1


def test_through_htmx_a_reply_is_under_what_it_replies_to(signed_in: Client) -> None:
    parent = make_comment()
    fragment = signed_in.get(reverse("reply", args=[parent.pk]), headers=HTMX).content.decode()
    assert "<html" not in fragment and 'hx-target="#slot-' in fragment and "autofocus" in fragment
    page = post(signed_in, parent.article, parent=parent, headers=HTMX).content.decode()
    assert f'hx-swap-oob="afterend:#comment-{parent.pk}"' in page


def test_an_edited_comment_shows_its_former_text_to_everybody(signed_in: Client, reader: User, client: Client) -> None:
    comment = make_comment(body="First words", author=reader)
    assert b"First words" in signed_in.get(reverse("edit_comment", args=[comment.pk])).content
    signed_in.post(reverse("edit_comment", args=[comment.pk]), {"body": "Second words"})
    page = Client().get(reverse("comment_versions", args=[comment.pk])).content.decode()
    assert "First words" in page and "Second words" in page
    comment_withdrawing.withdraw_comment(comment=comment, by=reader)
    assert Client().get(reverse("comment_versions", args=[comment.pk])).status_code == 404


def test_withdrawing_asks_first(signed_in: Client, reader: User) -> None:
    comment = make_comment(body="Rash words", author=reader)
    url = reverse("withdraw_comment", args=[comment.pk])
    assert b"undo this" in signed_in.get(url).content
    comment.refresh_from_db()
    assert comment.state == Comment.State.VISIBLE
    signed_in.post(url)
    gone = signed_in.get(comment.get_absolute_url())
    assert gone.status_code == 410 and b"Rash words" not in gone.content


@pytest.mark.parametrize("name", ["edit_comment", "withdraw_comment"])
def test_others_cannot_touch_a_comment(signed_in: Client, name: str) -> None:
    comment = make_comment(body="First words")
    assert signed_in.post(reverse(name, args=[comment.pk]), {"body": "Mine now"}).status_code == 422
    comment.refresh_from_db()
    assert (comment.body, comment.state) == ("First words", "visible")


def test_a_recommendation_by_plain_form_and_back_to_where_it_was(signed_in: Client) -> None:
    comment = make_comment()
    url = reverse("recommend", args=[comment.pk])
    came = "http://testserver" + comment.article.get_absolute_url() + "?sort=newest"
    answer = signed_in.post(url, {"on": "1"}, headers={"Referer": came})
    assert answer["Location"] == comment.article.get_absolute_url() + f"?sort=newest#comment-{comment.pk}"
    assert 'aria-pressed="true"' in signed_in.get(comment.article.get_absolute_url()).content.decode()
    came = "https://evil.example" + comment.article.get_absolute_url()
    evil = signed_in.post(url, {"on": "0"}, headers={"Referer": came})
    assert evil["Location"] == comment.get_absolute_url()
    comment.refresh_from_db()
    assert comment.recommended == 0


def test_a_recommendation_through_htmx_answers_with_the_button(signed_in: Client) -> None:
    comment = make_comment()
    page = signed_in.post(reverse("recommend", args=[comment.pk]), {"on": "1"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in page and "Recommended 1" in page and "Recommendation added." in page


def test_ones_own_recommendation_is_refused_in_the_slot(signed_in: Client, reader: User) -> None:
    comment = make_comment(author=reader)
    answer = signed_in.post(reverse("recommend", args=[comment.pk]), {"on": "1"}, headers=HTMX)
    assert answer.status_code == 422 and answer["HX-Retarget"] == f"#slot-{comment.pk}"


def test_a_report_is_taken_once_and_reaches_the_moderators(signed_in: Client) -> None:
    comment = make_comment()
    url = reverse("report", args=[comment.pk])
    assert signed_in.post(url, {"note": "Look"}).status_code == 422
    for _twice in range(2):
        assert signed_in.post(url, {"reason": "abuse", "note": "Look"}).status_code == 302
    assert Report.objects.get().note == "Look"


def test_a_report_that_a_moderator_decided_on_is_not_thanked_for_again(signed_in: Client) -> None:
    """cases.md T2: the reader was thanked, and nothing was stored."""
    comment = make_comment()
    url = reverse("report", args=[comment.pk])
    signed_in.post(url, {"reason": "spam"})
    moderating.dismiss_reports(comment=comment, by=make_owner(), reason="It is no spam")
    again = signed_in.post(url, {"reason": "spam"})
    assert again.status_code == 422 and "A moderator has reviewed your report" in again.text
    answer = signed_in.post(url, {"reason": "unlawful", "note": "It names a child"}, follow=True)
    assert "Thank you. A moderator will review it." in answer.text
    assert Report.objects.get(state="open").note == "It names a child"


def test_reports_have_a_limit_an_hour_that_keeps_the_note(signed_in: Client, reader: User) -> None:
    for _ in range(reporting.MAX_REPORTS_PER_HOUR):
        reporting.report_comment(comment=make_comment(), by=reader, reason="spam")
    answer = signed_in.post(reverse("report", args=[make_comment().pk]), {"reason": "abuse", "note": "My reasons"})
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 3600
    assert b"My reasons" in answer.content


def test_a_report_outlives_the_session(client: Client) -> None:
    answer = client.post(reverse("report", args=[make_comment().pk]), {"reason": "abuse", "note": "My reasons"})
    assert answer.status_code == 422 and b"My reasons" in answer.content
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["reply", "edit_comment", "withdraw_comment", "recommend"])
def test_strangers_are_sent_to_sign_in_and_come_back(client: Client, name: str) -> None:
    url = reverse(name, args=[make_comment().pk])
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"


def test_strangers_choose_between_signing_in_to_report_and_a_notice(client: Client) -> None:
    comment = make_comment()
    url = reverse("report", args=[comment.pk])
    page = client.get(url).text
    assert f"{reverse('account_login')}?next={url}" in page and f"{reverse('give_notice')}?about=" in page
    in_place = client.get(url, headers={"HX-Request": "true"})
    assert in_place["HX-Redirect"] == f"{reverse('account_login')}?next={url}"


def test_strangers_get_no_form_no_token_no_cookie(client: Client) -> None:
    comment = make_comment()
    for url in (comment.article.get_absolute_url(), comment.get_absolute_url(), reverse("thread", args=[comment.pk])):
        answer = client.get(url)
        page = answer.content.decode()
        assert "csrfmiddlewaretoken" not in page and "hx-" not in page and "<!--" not in page
        assert "<form" not in page.partition("<main")[2]
        assert not answer.cookies


def test_signed_in_readers_have_one_form_for_all_buttons(signed_in: Client) -> None:
    article = make_article()
    for _ in range(3):
        make_comment(article)
    page = signed_in.get(article.get_absolute_url()).content.decode().partition('id="talk"')[2]
    assert page.count("<form") == 2 and page.count('form="act"') == 3


def test_names_of_controls_are_distinct(signed_in: Client) -> None:
    article, author = make_article(), make_reader()
    for _ in range(3):
        make_comment(article, author=author)
    page = signed_in.get(article.get_absolute_url()).content.decode()
    names = re.findall(r'<a href="/comments/\d+/reply/"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert len(names) == 3 and len(set(names)) == 3
    assert all(f"to {author.username}" in name for name in names)


@pytest.mark.parametrize("status", ["withdrawn", "draft"])
def test_comments_are_as_invisible_as_their_article(client: Client, status: str) -> None:
    comment = make_comment(body="Secret words")
    verb = publishing.withdraw if status == "withdrawn" else publishing.return_to_draft
    verb(comment.article, by=None, reason="Test")
    for name in ("comment", "thread", "comment_versions"):
        assert client.get(reverse(name, args=[comment.pk])).status_code == 404
    client.force_login(make_reader())
    for name in ("reply", "recommend", "report"):
        assert client.get(reverse(name, args=[comment.pk])).status_code == 404
    assert post(client, comment.article).status_code == 404


def test_a_reader_who_leaves_leaves_the_words_without_the_name(client: Client) -> None:
    leaver = make_reader("Departing")
    comment = make_comment(author=leaver, body="Words that stay")
    other = recommending.recommend(comment=make_comment(comment.article), by=leaver)
    reply = make_comment(parent=comment)
    delete_account(reader=leaver)
    page = client.get(comment.article.get_absolute_url()).content.decode()
    assert "Words that stay" in page and "deleted user" in page and "Departing" not in page
    other.refresh_from_db()
    assert other.recommended == 0
    assert client.get(reply.get_absolute_url()).status_code == 200
    assert comment_counts.recount() == []


@pytest.mark.parametrize("signed", [False, True])
def test_the_number_of_queries_does_not_depend_on_the_number_of_comments(
    client: Client, reader: User, signed: bool
) -> None:
    if signed:
        client.force_login(reader)
    counts: dict[int, list[int]] = {}
    for size in (1, 100, 1000):
        article = make_article()
        comments = grow(article, size)
        branch = comments[0]
        urls = [article.get_absolute_url(), comments[-1].get_absolute_url(), reverse("thread", args=[branch.pk])]
        for url in urls:
            client.get(url)
        counts[size] = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts[size].append(len(queries))
    assert counts[1][0] == counts[100][0] == counts[1000][0]
    assert counts[100] == counts[1000]


def grow(article: Article, size: int) -> list[Comment]:
    """Many comments at once: ten branches, each a bush."""
    author = make_reader()
    made: list[Comment] = []
    for number in range(size):
        parent = made[number // 3] if number >= 10 else None
        made.append(
            Comment(
                article=article, author=author, parent=parent, body="Words", body_html="<p>Words</p>",
                posted_at=timezone.now(), token=uuid4(), depth=parent.depth + 1 if parent else 0,
            )
        )  # fmt: skip
        comment = made[-1]
        comment.root = None if parent is None else parent.root or parent
        comment.save()
    for comment in made:
        comment.path = path_of(comment)
        comment_html.store_html(comment)
    Comment.objects.bulk_update(made, ["path", *comment_html.STORED])
    comment_counts.recount()
    return made


def test_who_signs_in_to_write_comes_back_to_the_form(client: Client, reader: User) -> None:
    article = make_article()
    url = reverse("post_comment", args=[article.pk])
    assert f"{reverse('account_login')}?next={url}" in client.get(article.get_absolute_url()).content.decode()
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"
    client.force_login(reader)
    assert client.get(url)["Location"] == article.get_absolute_url() + "#talk"


def test_a_held_comment_does_not_come_back_above_the_form_of_a_reply(signed_in: Client) -> None:
    held = make_comment(body="Words that wait")
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    for more in ({}, {"preview": "1"}, {"body": ""}):
        answer = post(signed_in, held.article, parent=held, **more)
        assert "Words that wait" not in answer.content.decode()


def test_other_words_in_a_form_that_has_posted_are_kept_and_posted_by_the_next_press(signed_in: Client) -> None:
    article = make_article()
    url = reverse("post_comment", args=[article.pk])
    data = filled(article, "The first words.")
    assert signed_in.post(url, data).status_code == 302
    answer = signed_in.post(url, data | {"body": "Second thoughts."})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.text == "Second thoughts."
    again = {"body": form.text, "token": str(form.token_value), "made": form.made_value}
    assert f'value="{form.token_value}"' in answer.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=10), tick=False):
        assert signed_in.post(url, again).status_code == 302
    assert set(Comment.objects.values_list("body", flat=True)) == {"The first words.", "Second thoughts."}


def test_an_old_form_sent_again_after_an_edit_is_still_the_same_comment(signed_in: Client) -> None:
    article = make_article()
    url = reverse("post_comment", args=[article.pk])
    data = filled(article, "Before the edit.")
    signed_in.post(url, data)
    comment = Comment.objects.get()
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="After the edit.")
    assert signed_in.post(url, data).status_code == 302
    assert Comment.objects.count() == 1
