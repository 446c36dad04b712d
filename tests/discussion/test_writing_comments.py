"""Autosave by address: quoting, the edit window and its grace, words that outlive a sign-in, what a reply answered."""

import re
from datetime import datetime, timedelta
from time import process_time
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from articles.accounts.models import User
from articles.discussion import comment_editing, comment_withdrawing, moderating, quote_reply, recommending, sanctions
from articles.discussion.models import Comment
from tests.corpus import render_comment
from tests.discussion.test_discussion_pages import HTMX, filled, grow
from tests.discussion.test_discussion_pages import post as send
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner

pytestmark = pytest.mark.django_db

ORIGIN = {"Origin": "http://testserver"}
MINUTE = timedelta(minutes=1)


def field(answer: Any, name: str) -> str:
    """What a hidden field of the form says."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, f"no field {name}"
    return found[1]


def words_in(answer: Any) -> str:
    """What stands in the text field."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found
    return found[1]


# Quoting


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_reply_can_begin_with_the_words_that_it_replies_to(signed_in: Client, headers: dict[str, str]) -> None:
    comment = make_comment(body="> Not mine\n\nThe *first* words.\nThe second.")
    answer = signed_in.get(reverse("reply", args=[comment.pk]), {"quote": "1"}, headers=headers)
    assert words_in(answer) == "&gt; The *first* words.\n&gt; The second.\n\n"
    assert "<textarea" in answer.content.decode() and field(answer, "parent") == str(comment.pk)


def test_a_part_that_was_selected_is_quoted_alone_and_only_if_it_stands_there(signed_in: Client) -> None:
    comment = make_comment(body="The *first* words and 2 * 3 are 6.\n\nThe second.")
    url = reverse("reply", args=[comment.pk])
    part = signed_in.get(url, {"quote": "1", "words": "words  and\n2 * 3"})
    assert words_in(part) == "&gt; words  and\n&gt; 2 \\* 3\n\n"
    made_up = signed_in.get(url, {"quote": "1", "words": "I am a fool"})
    assert "fool" not in made_up.content.decode() and "The *first* words" in words_in(made_up)


def test_a_long_comment_is_quoted_in_part_and_a_quotation_alone_not_at_all() -> None:
    long = quote_reply.quote_markdown("word " * 900, "")
    assert len(long) <= quote_reply.MAX_QUOTE_LENGTH + 8 and long.endswith("word …\n\n")
    assert quote_reply.quote_markdown("> theirs\n> too", "") == ""


@pytest.mark.parametrize(
    ("body", "quoted"),
    [
        ("> A sentence of somebody else\nwhich goes on lazily\n\nMy own words.", "> My own words."),
        ("> Theirs\n\nMine.\n\n> Theirs again\n> and again\n\nMine too.", "> Mine.\n>\n> Mine too."),
        ("Mine.\n> Theirs\nlazily", "> Mine."),
        ("   > Theirs, indented\n\nMine.", "> Mine."),
        ("- > Theirs in a list\n\n  My words in it.\n- Mine", "> -\n>\n>   My words in it.\n> - Mine"),
        ("```\n> code, not a quotation\n```", "> ```\n> > code, not a quotation\n> ```"),
        ("\\> not a quotation either", "> \\> not a quotation either"),
        ("> > Theirs of theirs\n> Theirs", ""),
        ("1. > Theirs", ""),
    ],
)
def test_a_reply_quotes_what_is_no_quotation_by_structure(body: str, quoted: str) -> None:
    """cases.md T4: lines of a quotation that had no mark of their own were quoted as the author's."""
    assert quote_reply.quote_markdown(body, render_comment(body)).strip() == quoted


def test_selected_words_of_others_stay_those_of_others() -> None:
    """cases.md T4: selected in a comment that quotes them, they became words of the comment's author."""
    body = "> Boats leave\nat eight.\n\nThey leave at nine.\n\n1. One"
    html = render_comment(body)
    assert quote_reply.quote_markdown(body, html, "at eight.") == "> > at eight.\n\n"
    both = quote_reply.quote_markdown(body, html, "at eight.\nThey leave")
    assert both == "> > at eight.\n>\n> They leave\n\n"
    assert render_comment(both + "I know.") == (
        "<blockquote>\n<blockquote>\n<p>at eight.</p>\n</blockquote>\n<p>They leave</p>\n</blockquote>\n<p>I know.</p>"
    )


@pytest.mark.parametrize("line", ["- no list", "12. neither", "+ one", "~~~", "a &amp; b", "# c", "* d"])
def test_selected_words_are_quoted_as_text(line: str) -> None:
    html = f"<p>{escape(line)}</p>"
    assert render_comment(quote_reply.quote_markdown("", html, line)) == f"<blockquote>\n{html}\n</blockquote>"


@pytest.mark.parametrize("state", ["hidden", "withdrawn"])
def test_a_removed_comment_is_not_quoted(signed_in: Client, state: str) -> None:
    comment = make_comment(body="Secret words")
    if state == "hidden":
        moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="Spam")
    else:
        comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))
    answer = signed_in.get(reverse("reply", args=[comment.pk]), {"quote": "1"})
    assert answer.status_code == 410 and b"Secret" not in answer.content


# The edit window


@pytest.fixture
def own(reader: User) -> Comment:
    return make_comment(body="First words", author=reader)


def edit_at(client: Client, comment: Comment, opened: datetime, saved: datetime) -> Any:
    """Open the form at one time, send it at another."""
    url = reverse("edit_comment", args=[comment.pk])
    with time_machine.travel(opened, tick=False):
        form = client.get(url)
    data = {"body": "Second words", "opened": field(form, "opened")}
    with time_machine.travel(saved, tick=False):
        return client.post(url, data)


def test_a_form_says_how_long_it_can_be_saved(signed_in: Client, own: Comment) -> None:
    with time_machine.travel(own.posted_at + 20 * MINUTE, tick=False):
        page = signed_in.get(reverse("edit_comment", args=[own.pk])).content.decode()
    until = timezone.localtime(own.posted_at + 45 * MINUTE)
    assert "You can edit for 25 more minutes" in page
    assert f"{until:%M}" in page.partition("more minutes")[2][:30]
    note = f"note-edit-{own.pk}"
    assert f'id="{note}"' in page and note in page.partition("aria-describedby=")[2][:60]


def test_words_begun_in_time_may_be_finished(signed_in: Client, own: Comment) -> None:
    end = own.posted_at + comment_editing.EDIT_WINDOW
    assert edit_at(signed_in, own, end - MINUTE, end + comment_editing.EDIT_GRACE - MINUTE).status_code == 302
    own.refresh_from_db()
    assert own.body == "Second words"


def test_after_the_grace_the_words_are_kept_for_a_reply(signed_in: Client, own: Comment) -> None:
    end = own.posted_at + comment_editing.EDIT_WINDOW
    answer = edit_at(signed_in, own, end - MINUTE, end + comment_editing.EDIT_GRACE + MINUTE)
    assert answer.status_code == 422 and b"post a reply instead" in answer.content
    assert words_in(answer) == "Second words" and field(answer, "parent") == str(own.pk)
    assert f'data-draft="{own.article_id}-edit-{own.pk}"' in answer.content.decode()  # The same draft goes on.
    own.refresh_from_db()
    assert own.body == "First words"


def test_no_form_opens_late_and_none_is_forged_or_borrowed(signed_in: Client, own: Comment, reader: User) -> None:
    later = own.posted_at + comment_editing.EDIT_WINDOW + MINUTE
    other = make_comment(own.article, author=reader, at=own.posted_at + 20 * MINUTE)
    url = reverse("edit_comment", args=[own.pk])
    with time_machine.travel(later, tick=False):
        assert signed_in.get(url).status_code == 422
        borrowed = field(signed_in.get(reverse("edit_comment", args=[other.pk])), "opened")
        for opened in ("", "1:1:1", borrowed, f"{own.pk}:{borrowed.partition(':')[2]}"):
            assert signed_in.post(url, {"body": "Second words", "opened": opened}).status_code == 422
    own.refresh_from_db()
    assert own.body == "First words"


def test_a_form_that_comes_back_remembers_when_it_was_opened(signed_in: Client, own: Comment) -> None:
    url = reverse("edit_comment", args=[own.pk])
    with time_machine.travel(own.posted_at + 29 * MINUTE, tick=False):
        opened = field(signed_in.get(url), "opened")
    with time_machine.travel(own.posted_at + 31 * MINUTE, tick=False):
        for more in ({"body": ""}, {"body": "Second words", "preview": "1"}):
            assert field(signed_in.post(url, {"opened": opened, **more}), "opened") == opened
        stranger = Client().post(url, {"opened": opened, "body": "Second words"})
        assert stranger.status_code == 422 and field(stranger, "opened") == opened


def test_a_stranger_gets_only_back_what_they_sent(own: Comment, reader: User) -> None:
    comment_withdrawing.withdraw_comment(comment=own, by=reader)
    url = reverse("edit_comment", args=[own.pk])
    for data in ({}, {"body": "x"}, {"preview": "1"}):
        assert b"First words" not in Client().post(url, data).content


# What a reply answered


def edited(comment: Comment, body: str = "Other words") -> Comment:
    return comment_editing.edit_comment(comment=comment, by=author_of(comment), body=body)


def test_a_reply_says_that_it_is_to_an_earlier_version(signed_in: Client) -> None:
    parent = make_comment(body="The lamps are too bright.", at=timezone.now() - 10 * MINUTE)
    data = filled(parent.article, "They are not.", parent=parent, waited=60)
    edited(parent, "The lamps are too dim.")
    answer = signed_in.post(reverse("post_comment", args=[parent.article_id]), data, follow=True)
    assert b"The comment was edited while you were writing" in answer.content
    reply = Comment.objects.get(parent=parent)
    url = reverse("replied_version", args=[reply.pk])
    for place in (parent.article.get_absolute_url(), reply.get_absolute_url(), reverse("thread", args=[parent.pk])):
        assert f'<a href="{url}">replied to an earlier version' in Client().get(place).content.decode()
    page = Client().get(url).content.decode()
    assert "The lamps are too bright." in page and "They are not." in page
    assert re.search(r"<del>.*bright\..*</del>", page) and re.search(r"<ins>.*dim\..*</ins>", page)


def test_a_reply_to_the_words_as_they_stand_says_nothing(signed_in: Client) -> None:
    parent = edited(make_comment(at=timezone.now() - 10 * MINUTE))
    Comment.objects.update(edited_at=timezone.now() - 5 * MINUTE)
    send(signed_in, parent.article, parent=parent, waited=60)
    reply = Comment.objects.get(parent=parent)
    assert b"replied to an earlier version" not in signed_in.get(reply.get_absolute_url()).content
    assert signed_in.get(reverse("replied_version", args=[reply.pk])).status_code == 404


def test_of_several_versions_the_one_replied_to_is_shown() -> None:
    start = timezone.now() - 25 * MINUTE
    parent = make_comment(body="One.", at=start)
    for minute, body in ((2, "Two."), (6, "Three.")):
        with time_machine.travel(start + minute * MINUTE, tick=False):
            edited(parent, body)
    reply = make_comment(parent=parent, at=start + 4 * MINUTE)
    page = Client().get(reverse("replied_version", args=[reply.pk])).content.decode()
    assert "Two." in page and "One." not in page


@pytest.mark.parametrize("whose", ["parent", "reply"])
@pytest.mark.parametrize("state", ["hidden", "withdrawn", "held"])
def test_the_replied_version_is_gone_when_either_is(whose: str, state: str) -> None:
    parent = make_comment(body="Secret words", at=timezone.now() - 10 * MINUTE)
    reply = make_comment(parent=parent, body="Secret words too", at=timezone.now() - 5 * MINUTE)
    edited(parent)
    url = reverse("replied_version", args=[reply.pk])
    assert Client().get(url).status_code == 200
    Comment.objects.filter(pk=(parent if whose == "parent" else reply).pk).update(state=state)
    assert Client().get(url).status_code == 404
    assert b"replied to an earlier version" not in Client().get(parent.article.get_absolute_url()).content


def test_editing_a_comment_with_many_replies_costs_what_it_costs_with_one(reader: User) -> None:
    counts = []
    for size in (1, 1000):
        article = make_article()
        parent = grow(article, 1)[0]
        Comment.objects.filter(pk=parent.pk).update(author=reader)
        replies = [copy_under(parent) for _ in range(size)]
        Comment.objects.bulk_create(replies)
        with CaptureQueriesContext(connection) as queries:
            comment_editing.edit_comment(comment=parent, by=reader, body="Other words")
        counts.append(len(queries))
        page = Client().get(article.get_absolute_url()).content.decode()
        assert page.count("replied to an earlier version") == min(size, 40)
    assert counts[0] == counts[1]


def copy_under(parent: Comment) -> Comment:
    return Comment(
        article=parent.article, parent=parent, root=parent, depth=1, body="x", body_html="<p>x</p>", html="x",
        posted_at=timezone.now() - MINUTE, path=parent.path + "00000001", token=uuid4(),
    )  # fmt: skip


# Words that outlive a sign-in


def strict(reader: User | None = None) -> Client:
    client = Client(enforce_csrf_checks=True)
    if reader:
        client.force_login(reader)
    return client


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_from_before_a_new_sign_in_comes_back_and_posts_at_the_next_press(
    reader: User, headers: dict[str, str]
) -> None:
    """The session ends while somebody writes; they are told, sign in in another tab, and press the button again."""
    article, client = make_article(), strict(reader)
    url = reverse("post_comment", args=[article.pk])
    client.get(article.get_absolute_url())
    old = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, **filled(article, "Long thoughts")}
    client.logout()
    client.cookies["csrftoken"] = "x" * 32
    for _step in ("signed out", "signed in again"):
        answer = client.post(url, old, headers=headers | ORIGIN)
        assert answer.status_code == 422 and words_in(answer) == "Long thoughts"
        assert ("<html" in answer.content.decode()) != bool(headers)
        assert not Comment.objects.exists()
        client.force_login(reader)
    for name in ("token", "made"):
        assert field(answer, name) == old[name]
    assert "Your text is still here." in answer.content.decode()
    again = old | {"csrfmiddlewaretoken": field(answer, "csrfmiddlewaretoken")}
    assert client.post(url, again, headers=headers | ORIGIN).status_code in (200, 302)
    assert Comment.objects.get().body == "Long thoughts"


def test_an_edit_and_a_preview_from_before_a_new_sign_in_do_nothing_and_lose_nothing(
    reader: User, own: Comment
) -> None:
    client = strict(reader)
    data = {"body": "Second words", "csrfmiddlewaretoken": "y" * 64}
    answer = client.post(reverse("edit_comment", args=[own.pk]), data, headers=ORIGIN)
    assert answer.status_code == 422 and words_in(answer) == "Second words"
    own.refresh_from_db()
    assert own.body == "First words"
    preview = client.post(reverse("preview_comment"), data, headers=HTMX | ORIGIN)
    assert preview.status_code == 422 and b"Your session changed" in preview.content


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_page_elsewhere_puts_no_words_into_a_form_of_ours(reader: User, origin: dict[str, str]) -> None:
    article = make_article()
    answer = strict(reader).post(
        reverse("post_comment", args=[article.pk]), {"body": "Their words, not mine"}, headers=origin
    )
    assert answer.status_code == 403 and b"<form" not in answer.content.partition(b"<main")[2]


def test_a_preview_sends_nobody_away_from_what_they_write(client: Client) -> None:
    for headers in ({}, HTMX):
        answer = client.post(reverse("preview_comment"), {"body": "*Long* thoughts"}, headers=headers)
        assert answer.status_code == 422 and "You’ve been signed out" in answer.content.decode()
        assert "HX-Redirect" not in answer


# Banned and deleted readers


def test_a_banned_reader_takes_back_and_withdraws_but_adds_and_changes_nothing(
    signed_in: Client, reader: User, own: Comment
) -> None:
    liked = make_comment()
    recommending.recommend(comment=liked, by=reader)
    sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason="Insults")
    article = own.article
    refused = [
        send(signed_in, article, body="Kept words"),
        signed_in.post(reverse("edit_comment", args=[own.pk]), {"body": "Kept words"}),
        send(signed_in, article, body="Kept words", headers=HTMX),
    ]
    for answer in refused:
        assert answer.status_code == 422 and b"Reason: Insults" in answer.content and b"Kept words" in answer.content
    assert signed_in.post(reverse("recommend", args=[make_comment().pk]), {"on": "1"}).status_code == 422
    own.refresh_from_db()
    assert own.body == "First words"
    assert signed_in.post(reverse("recommend", args=[liked.pk]), {"on": "0"}).status_code == 302
    liked.refresh_from_db()
    assert liked.recommended == 0
    assert signed_in.post(reverse("withdraw_comment", args=[own.pk])).status_code == 302


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_reader_deleted_in_mid_session_is_a_stranger_with_their_words(
    signed_in: Client, reader: User, headers: dict[str, str]
) -> None:
    article = make_article()
    data = filled(article, "Last words")
    User.objects.filter(pk=reader.pk).delete()
    answer = signed_in.post(reverse("post_comment", args=[article.pk]), data, headers=headers)
    assert answer.status_code == 422 and words_in(answer) == "Last words"
    assert not Comment.objects.exists()
    assert signed_in.get(article.get_absolute_url()).status_code == 200


# Hostile sizes and strings


def test_a_megabyte_is_refused_at_once_and_nothing_is_stored(signed_in: Client, own: Comment) -> None:
    article = own.article
    big = {"body": "x" * 1_000_000}
    for name, number in (("post_comment", article.pk), ("edit_comment", own.pk), ("preview_comment", None)):
        url = reverse(name, args=[number] if number else [])
        started = process_time()
        assert signed_in.post(url, filled(article) | big).status_code == 413
        assert process_time() - started < 0.2, name
    under = {"body": "x" * 400_000}  # Passes the door, too long for a comment: comes back whole.
    answer = signed_in.post(reverse("post_comment", args=[article.pk]), filled(article) | under)
    assert answer.status_code == 422 and answer.content.count(b"x" * 1000) == 400
    assert Comment.objects.count() == 1


HOSTILE = [
    *("\0", "a\0b", "\ud800", "\udfff\ud800", "\u202eevil\u202c", "\u2066x\u2069", "e" + "\u0301" * 10_000),
    *("\ufeff", "\ufffe", "%00", "%ff", "9" * 400, "-1", "1e9", "🏳️‍🌈", "<script>", "' OR 1=1", "../../", "\r\n\r\n"),
]


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_no_field_breaks_on_a_hostile_string(signed_in: Client, own: Comment, bad: str) -> None:
    article = own.article
    sent = bad.encode("utf-8", "surrogatepass").decode("latin-1")  # The raw bytes, as a broken browser sends them.
    url = reverse("post_comment", args=[article.pk])
    fields = {
        url: ("body", "token", "made", "website", "parent", "passage", "words", "key", "preview", "opened"),
        reverse("edit_comment", args=[own.pk]): ("body", "key", "opened", "preview"),
        reverse("preview_comment"): ("body", "key"),
    }
    for text in {bad.encode("utf-8", "replace").decode(), sent}:
        for address, names in fields.items():
            for name in names:
                answer = signed_in.post(address, filled(article) | {name: text}, headers=HTMX)
                assert answer.status_code < 500, (name, address)
                answer.content.decode()
        for query in ({"quote": text, "words": text}, {"q": text, "article": text}):
            for address in (reverse("reply", args=[own.pk]), reverse("suggest_readers")):
                assert signed_in.get(address, query).status_code < 500
    for stored in Comment.objects.values_list("body", "body_html", "html"):
        for text in stored:
            assert not re.search("[\0\u202a-\u202e\u2066-\u2069]", text)
            assert "\u0301" * 7 not in text
