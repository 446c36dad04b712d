"""Where the words of a response are after each way in which an article changes."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.discussion import closing, comment_withdrawing, moderating, posting
from articles.discussion.models import Comment, Passage
from articles.discussion.passages.passage_responses import responses_by_element
from articles.discussion.passages.passage_tracking import relocate_all
from articles.errors import Refused
from articles.publishing import revisions, saving
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article
from tests.desk.forms import form_of
from tests.discussion.passages import BODY, CLAUSE, FERRY, HANDS, VOTE, excerpt, last_revision, now, respond, rewrite
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader
from tests.importing.files import import_file

pytestmark = pytest.mark.django_db


def test_the_database_never_stores_a_passage_with_the_text_of_another() -> None:
    passage = respond(make_article(body=BODY))
    for wrong in (
        {"current_text": "other words"},
        {"state": "changed"},
        {"state": "removed"},
        {"state": "changed", "current_text": ""},
        {"current_start": None},
        {"exact": "", "current_text": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Passage.objects.filter(pk=passage.pk).update(**wrong)


# Every way in which an article changes ---------------------------------------------------------------------------


def test_an_edit_elsewhere_leaves_the_words_exact() -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    rewrite(article, f"An introduction.\n\n{VOTE.replace('eleven', 'twelve')}\n\n{CLAUSE}")
    assert now(passage) == ("exact", 1, HANDS)


def test_a_paragraph_put_elsewhere_takes_its_responses_along() -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    block = passage.block_id
    rewrite(article, f"{FERRY}\n\n{CLAUSE}\n\n{VOTE}")
    assert now(passage) == ("moved", 2, HANDS)
    assert passage.block_id == block


def test_changed_words_say_what_is_there_now() -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    rewrite(article, BODY.replace(HANDS, "nobody moved"))
    assert now(passage) == ("changed", 0, "nobody moved")


def test_a_removed_passage_has_no_location_and_come_back_with_the_text() -> None:
    article = make_article(body=BODY)
    read = last_revision(article)
    passage = respond(article)
    rewrite(article, f"{FERRY}\n\n{CLAUSE}")
    assert now(passage) == ("removed", None, "")
    assert (passage.block, passage.current_start) == (None, None)
    rewrite(article, "Another text altogether.")
    revisions.restore(read, by=None)
    assert now(passage) == ("exact", 0, HANDS)


def test_a_split_and_a_joined_paragraph() -> None:
    article = make_article(body=BODY)
    hands, minutes = respond(article), respond(article, 0, "took eleven minutes")
    rewrite(article, BODY.replace("minutes. ", "minutes.\n\n"))
    assert now(hands) == ("exact", 1, HANDS)
    assert now(minutes) == ("moved", 0, "took eleven minutes")
    rewrite(article, BODY.replace("\n\n", " "))
    assert (now(hands), now(minutes)) == (("exact", 0, HANDS), ("exact", 0, "took eleven minutes"))


def test_a_look_alike_in_the_new_text_is_never_taken_for_the_words() -> None:
    sentence = "The council approved the budget on Monday."
    article = make_article(body=f"{VOTE} {sentence}\n\n{FERRY}")
    passage = respond(article, 0, sentence)
    rewrite(article, f"{VOTE}\n\n{FERRY} {sentence.replace('Monday', 'Tuesday')}")
    assert now(passage) == ("removed", None, "")


def test_an_editors_save_at_the_desk_moves_the_anchors(client: Client) -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    owner = make_owner()
    client.force_login(owner)
    address = reverse("admin:articles_article_change", args=[article.pk])
    data = form_of(client.get(address)) | {"body": BODY.replace("eleven", "twelve").replace(HANDS, "all hands went up")}
    assert client.post(address, data).status_code == 302
    assert now(passage) == ("changed", 0, "all hands went up")


def test_a_file_that_is_imported_again_moves_the_anchors(tmp_path: Path) -> None:
    head = "# The ferry\n\n1 March 2026\n\n"
    file = tmp_path / "ferry.md"
    file.write_text(head + BODY, encoding="utf-8")
    import_file("ferry.md", file.read_bytes(), publish=True, source=None)
    article = Article.objects.get()
    hands, clause = respond(article), respond(article, 2, "used since 1974")
    file.write_text(head + f"{CLAUSE}\n\n{FERRY} {VOTE.replace('eleven', 'ten')}\n\nAn end.", encoding="utf-8")
    call_command("import_articles", str(file), "--publish")
    assert Article.objects.get().body.startswith(CLAUSE)
    assert now(hands)[0] in ("exact", "moved")
    assert now(hands)[2] == HANDS
    assert now(clause)[0] in ("exact", "moved")
    assert now(clause)[1:] == (0, "used since 1974")


def test_a_waiting_text_changes_nothing_until_it_is_accepted() -> None:
    article = make_article(body=BODY)
    passage = respond(article)

    def change(proposed: Article) -> None:
        proposed.body = BODY.replace(HANDS, "nobody moved")

    waiting = revisions.propose_revision(article, by=None, reason="", change=change, companions=Companions())
    assert now(passage)[0] == "exact"
    revisions.restore(waiting, by=None)
    assert now(passage) == ("changed", 0, "nobody moved")


def test_pull_quotes_have_responses_of_their_own() -> None:
    said = "Nobody asks what a road carries on a Tuesday in February."
    beside = Companions(quotes=[Quote(text=said, speaker="Leiv Dahl", after=0)])
    article = make_article(body=BODY, companions=beside)
    passage = respond(article, 0, "what a road carries", in_quote=True)
    quote = article.pull_quotes.get()
    assert (passage.state, passage.quote, passage.block) == ("exact", quote, None)
    # The same words in the body are not the quote's.
    rewrite(article, f"{BODY}\n\n{said}", Companions())
    assert now(passage) == ("removed", None, "")
    rewrite(article, BODY, Companions(quotes=[Quote(text=said.replace("road", "bridge"), after=1)]))
    assert now(passage) == ("changed", None, "what a bridge carries")
    assert passage.quote == article.pull_quotes.get()
    rewrite(article, BODY, beside)
    assert now(passage)[0] == "exact"


def test_a_text_that_changed_while_the_reader_wrote_is_followed_from_the_one_that_was_read() -> None:
    article = make_article(body=BODY)
    read = excerpt(article, 0, HANDS)
    rewrite(article, f"An introduction.\n\n{VOTE.replace(HANDS, 'nobody moved')}\n\n{FERRY}")
    comment = posting.post_comment(
        article=article, author=make_reader(), body="Late.", token=uuid4(), passage=read, read_revision=read.revision
    )
    assert comment.passage.exact == HANDS
    assert now(comment.passage) == ("changed", 1, "nobody moved")
    assert "<del>" in comment.html


def test_an_edit_costs_the_same_number_of_queries_for_one_response_and_for_fifty() -> None:
    def cost(responses: int) -> int:
        article = make_article(body=BODY)
        for _ in range(responses):
            respond(article)
        fresh = Article.objects.get(pk=article.pk)
        fresh.body = BODY.replace(HANDS, "nobody moved")
        with CaptureQueriesContext(connection) as captured:
            saving.save_article(fresh, by=None)
        assert Passage.objects.filter(comment__article=article, state="changed").count() == responses
        return len(captured)

    assert cost(1) == cost(50)


def test_following_twice_changes_nothing() -> None:
    article = make_article(body=BODY)
    respond(article)
    rewrite(article, BODY.replace(HANDS, "nobody moved"))
    assert relocate_all(article) == 0


# What is said of it ----------------------------------------------------------------------------------------------


def card(passage: Passage) -> str:
    return Comment.objects.get(pk=passage.pk).html


def test_the_comment_html_says_what_became_of_the_words() -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    assert f'{article.get_absolute_url()}#p{passage.block_id}"' in card(passage)
    assert HANDS in card(passage)
    rewrite(article, BODY.replace(HANDS, "nobody moved"))
    assert "As it read at the time" in card(passage)
    assert "<ins>" in card(passage)
    rewrite(article, f"{FERRY}\n\n{CLAUSE}\n\n{VOTE}")
    assert "has moved within the article" in card(passage)
    rewrite(article, FERRY)
    assert "no longer in the article" in card(passage)
    assert "#p" not in card(passage)
    rewrite(article, BODY)
    assert "note" not in card(passage)


def test_the_comment_html_leads_to_the_words_also_when_the_article_has_another_address() -> None:
    article = make_article(body=BODY)
    passage = respond(article)
    fresh = Article.objects.get(pk=article.pk)
    fresh.slug = "another-address"
    saving.save_article(fresh, by=None)
    assert "another-address/#p" in card(passage)


def test_what_is_not_public_leaves_no_trace_in_the_margin() -> None:
    article = make_article(body=BODY)
    shown, hidden, withdrawn, held = (respond(article) for _ in range(4))
    moderating.hide(comment=hidden.comment, by=make_owner(), grounds=GROUNDS, reason="rude")
    comment_withdrawing.withdraw_comment(comment=withdrawn.comment, by=author_of(withdrawn.comment))
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    talk = responses_by_element(article)
    assert {place: (found.count, found.spans) for place, found in talk.items()} == {
        f"p{shown.block_id}": (1, [(66, 100)])
    }
    for gone in (hidden, withdrawn):
        assert HANDS not in card(gone)


def test_changed_words_count_but_are_not_highlighted_and_removed_ones_do_neither() -> None:
    article = make_article(body=BODY)
    hands, ferry = respond(article), respond(article, 1, "ten past seven")
    rewrite(article, f"{VOTE.replace(HANDS, 'nobody moved')}\n\n{CLAUSE}")
    assert now(hands)[0] == "changed"
    assert now(ferry)[0] == "removed"
    assert [(found.count, found.spans) for found in responses_by_element(article).values()] == [(1, [])]


def test_a_reply_has_no_passage_and_a_refused_response_leaves_nothing() -> None:
    article = make_article(body=BODY)
    closing.close_discussion(article=article, by=make_owner(), reason="enough")
    with pytest.raises(Refused):
        posting.post_comment(
            article=article, author=make_reader(), body="x", token=uuid4(), passage=excerpt(article, 0, HANDS)
        )
    assert not Passage.objects.exists()
    assert not hasattr(make_comment(make_article()), "passage")
