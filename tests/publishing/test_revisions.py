"""Restoring a revision; proposing one, accepting and rejecting it."""

import pytest

from articles.errors import Refused
from articles.publishing import revisions, saving
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article, Revision
from tests.factories import make_article, make_reader
from tests.publishing.test_saving import THREE

pytestmark = pytest.mark.django_db


def propose(article: Article, body: str) -> Revision:
    def change(proposed: Article) -> None:
        proposed.body = body

    beside = Companions(quotes=[Quote(text="New words", after=0)])
    return revisions.propose_revision(article, by=None, reason="The file changed", change=change, companions=beside)


def test_restoring_brings_back_text_and_companions_and_only_adds_to_history() -> None:
    article = make_article(body=THREE, companions=Companions(quotes=[Quote(text="Of salt", after=1)]))
    first = article.revisions.get(number=1)
    article = Article.objects.get(pk=article.pk)
    article.body = "Nothing of that."
    saving.save_article(article, by=None, companions=Companions())
    count = article.revisions.count()
    kept = revisions.restore(first, by=None, reason="It was right")
    article.refresh_from_db()
    assert article.body == THREE
    assert article.pull_quotes.get().after.position == 1  # type: ignore[union-attr]
    assert article.revisions.count() == count + 1
    assert kept.reason == "It was right"


def test_a_proposed_text_waits_and_readers_see_the_present_one() -> None:
    article = make_article(body=THREE)
    saved = Article.objects.get(pk=article.pk).revision_number
    revision = propose(article, "Another text.")
    now = Article.objects.get(pk=article.pk)
    assert (now.body, now.revision_number) == (THREE, saved)
    assert (revision.state, revision.public_at) == (Revision.State.PROPOSED, None)
    assert not article.pull_quotes.exists()


def test_an_accepted_proposal_becomes_the_text_and_says_who_accepted() -> None:
    editor = make_reader()
    article = make_article(body=THREE)
    revision = propose(article, "Another text.")
    revisions.restore(revision, by=editor, reason="Checked")
    revision.refresh_from_db()
    assert Article.objects.get(pk=article.pk).body == "Another text."
    assert article.pull_quotes.get().text == "New words"
    assert (revision.state, revision.decided_by, revision.decision_reason) == ("saved", editor, "Checked")


def test_a_refused_proposal_changes_nothing_and_needs_a_reason() -> None:
    editor = make_reader()
    article = make_article(body=THREE)
    revision = propose(article, "Another text.")
    with pytest.raises(Refused):
        revisions.reject(revision, by=editor, reason=" ")
    revisions.reject(revision, by=editor, reason="Not ours")
    revision.refresh_from_db()
    assert (revision.state, revision.decision_reason) == ("rejected", "Not ours")
    assert Article.objects.get(pk=article.pk).body == THREE


def test_one_decision_on_a_proposal_wins() -> None:
    editor = make_reader()
    revision = propose(make_article(body=THREE), "Another text.")
    revisions.reject(revision, by=editor, reason="Not ours")
    with pytest.raises(Refused):
        revisions.restore(revision, by=editor)
    with pytest.raises(Refused):
        revisions.reject(revision, by=editor, reason="Again")
