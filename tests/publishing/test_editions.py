"""What readers find in the history: a number for each text that they saw, how much it changed, what was said of it."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.accounts.models import User
from articles.errors import Refused
from articles.publishing import correcting, edition_comparison, editions, publishing, revisions, saving
from articles.publishing.companions import Companions, Quote, Related
from articles.publishing.edition_html import render_edition
from articles.publishing.models import Article, Correction, Revision
from articles.text.diff import changes
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db

BODY = "The boat left at ten.\n\nNobody was on board, the harbour master said."


def write(article: Article, body: str, *, note: str = "", corrects: bool = False) -> Revision:
    article = Article.objects.get(pk=article.pk)
    article.body = body
    with transaction.atomic():
        saving.lock_article(article)
        saving.write_text(article)
        return saving.record_revision(article, by=None, note=note, corrects=corrects)


def numbers(article: Article) -> list[int | None]:
    return list(article.revisions.editions().order_by("edition").values_list("edition", flat=True))


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


@pytest.fixture
def article() -> Article:
    """Saved as a draft, then published."""
    return publishing.publish(make_article(body=BODY, published=False), by=None)


@pytest.fixture
def editor() -> User:
    return make_reader(permissions=["articles.publish_article"])


def test_the_first_text_that_readers_see_is_the_first_edition(article: Article) -> None:
    assert article.revisions.count() == 2
    assert numbers(article) == [1]


def test_each_text_that_differs_is_an_edition_and_one_that_says_the_same_is_none(article: Article) -> None:
    assert write(article, BODY + "\n\nIt came back.").edition == 2
    assert write(article, BODY + "\n\nIt came back.").edition is None
    assert write(article, BODY).edition == 3


def test_what_is_written_while_readers_see_nothing_is_no_edition(article: Article) -> None:
    publishing.withdraw(article, by=None, reason="A doubt")
    assert write(article, BODY + "\n\nA first try.").edition is None
    assert write(article, BODY + "\n\nA second try.").edition is None
    publishing.publish(article, by=None)
    assert numbers(article) == [1, 2]
    assert "second try" in article.revisions.get(edition=2).body


def test_a_pull_quote_and_a_box_are_part_of_an_edition(article: Article) -> None:
    quoted = Companions(quotes=[Quote(text="Nobody was on board", after=1)])
    assert saving.save_article(fresh(article), by=None, companions=quoted).edition == 2
    boxed = Companions(quotes=quoted.quotes, related=[Related(headline="Another boat left as well")])
    assert saving.save_article(fresh(article), by=None, companions=boxed).edition == 3
    assert saving.save_article(fresh(article), by=None).edition is None


def test_where_a_link_leads_is_part_of_an_edition(article: Article) -> None:
    first = write(article, "The [boat](https://one.example/) left.")
    second = write(article, "The [boat](https://two.example/) left.")
    assert second.edition == 3 and not second.minor
    shown = edition_comparison.compare(first, second)[1].paragraphs[0].html
    assert "boat (https://one.example/)" in shown and "boat (https://two.example/)" in shown


def test_a_slip_of_the_finger_is_minor_and_does_not_count_as_an_update(article: Article) -> None:
    write(article, BODY.replace("harbour", "harbuor"))
    mended = write(article, BODY)
    assert mended.minor
    assert fresh(article).updated_at is None
    assert editions.is_collapsed(mended)


def test_a_number_that_changes_is_never_minor(article: Article) -> None:
    changed = write(article, BODY.replace("ten", "nine"))
    assert (changed.minor, changed.words_added, changed.words_removed) == (False, 1, 1)
    assert fresh(article).updated_at is not None


def test_a_minor_change_of_which_readers_are_told_is_not_folded(article: Article) -> None:
    mended = write(article, BODY.replace("harbour", "harbor"), note="Spelled as they spell it there.")
    assert mended.minor and not editions.is_collapsed(mended)
    assert list(article.revisions.editions().notable()) == [mended, article.revisions.get(edition=1)]


def test_a_note_on_no_change_is_refused_and_nothing_is_saved(article: Article) -> None:
    with pytest.raises(Refused) as refused:
        write(article, BODY, note="Nothing, really")
    assert refused.value.field == "note"
    assert article.revisions.count() == 2


# Corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_names_the_edition_that_mended_the_error(article: Article) -> None:
    revision = write(article, BODY.replace("ten", "nine"), note="It left at nine, not at ten.", corrects=True)
    correction = Correction.objects.get()
    assert (correction.revision, correction.text) == (revision, "It left at nine, not at ten.")
    assert revision.note == ""


def test_a_correction_without_words_or_without_an_error_is_refused(article: Article, editor: User) -> None:
    with pytest.raises(Refused):
        write(article, BODY.replace("ten", "nine"), note=" ", corrects=True)
    with pytest.raises(Refused):
        correcting.add_correction(article.revisions.get(edition=1), text="It left at nine.", by=editor)
    with pytest.raises(Refused):
        correcting.add_correction(article.revisions.get(edition=None), text="It left at nine.", by=editor)
    assert not Correction.objects.exists()


def test_a_correction_can_be_made_afterwards_and_said_better(article: Article, editor: User) -> None:
    revision = write(article, BODY.replace("ten", "nine"))
    correction = correcting.add_correction(revision, text="It left at nine.", by=editor)
    correcting.edit_correction(correction, text="It left at nine, not at ten.")
    assert Correction.objects.get().text == "It left at nine, not at ten."
    with pytest.raises(Refused):
        correcting.edit_correction(correction, text="")


def test_the_database_keeps_empty_corrections_and_reasonless_takedowns_out(article: Article) -> None:
    revision = article.revisions.get(edition=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(revision=revision, text="", made_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(removed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(public_at=None)


def test_a_correction_goes_with_the_text_that_readers_will_really_see(article: Article) -> None:
    publishing.withdraw(article, by=None, reason="An error")
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=1))
    write(article, BODY.replace("ten", "nine"), note="It left at nine, not at ten.", corrects=True)
    last = write(article, BODY.replace("ten", "nine") + "\n\nMore on this soon.")
    assert Correction.objects.get().revision == last
    assert last.edition == 2


# Scheduled, taken down ---------------------------------------------------------------------------------------------


def test_a_text_for_a_time_ahead_is_not_seen_yet(article: Article) -> None:
    later = publishing.schedule(make_article(published=False), by=None, at=timezone.now() + timedelta(days=1))
    assert not later.revisions.seen().exists()
    assert later.revisions.get(edition=1).public_at == later.go_live_at


def test_a_proposed_text_changes_nothing_for_a_scheduled_article() -> None:
    later = publishing.schedule(make_article(published=False), by=None, at=timezone.now() + timedelta(days=1))
    revisions.propose_revision(
        later, by=None, reason="A new file", change=lambda it: setattr(it, "body", "Other"), companions=Companions()
    )
    assert later.revisions.filter(edition=1).exists()


def test_an_earlier_edition_is_removed_with_a_notice_and_keeps_its_number(article: Article, editor: User) -> None:
    first = article.revisions.get(edition=1)
    with pytest.raises(Refused):  # Readers see it now.
        editions.remove_edition(first, by=editor, because="A court order")
    write(article, "The boat left.")
    with pytest.raises(Refused):
        editions.remove_edition(first, by=editor, because=" ")
    editions.remove_edition(first, by=editor, because="A court order")
    first.refresh_from_db()
    assert (first.removed_by, first.removal_notice) == (editor, "A court order")
    assert numbers(article) == [1, 2]
    assert not editions.is_collapsed(first)


def test_saves_with_the_same_text_are_removed_with_it(article: Article, editor: User) -> None:
    write(article, BODY)  # No word changed: no edition, and before readers all the same.
    write(article, "The boat left.")
    editions.remove_edition(article.revisions.get(edition=1), by=editor, because="A court order")
    assert {revision.body for revision in article.revisions.seen().filter(removed_at=None)} == {"The boat left."}
    with pytest.raises(Refused, match="already"):
        editions.remove_edition(article.revisions.get(edition=1), by=editor, because="Another reason")


def test_what_was_to_be_told_of_an_unseen_text_is_told_of_the_one_in_its_place() -> None:
    article = make_article(body=BODY)
    publishing.withdraw(article, by=None, reason="For a while")
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=1))
    write(article, "The boat left at nine.", note="It left earlier.")
    publishing.schedule(fresh(article), by=None, at=timezone.now() + timedelta(days=2))
    write(article, "The boat left at nine sharp.", note="And on time.")
    told = article.revisions.filter(edition=2).get()
    assert told.note == "It left earlier.\n\nAnd on time."
    assert article.revisions.exclude(note="").count() == 1


def test_a_note_outlives_the_way_of_its_text_through_the_desk() -> None:
    article = make_article(body=BODY)
    publishing.withdraw(article, by=None, reason="For a while")
    publishing.schedule(article, by=None, at=timezone.now() + timedelta(days=1))
    write(article, "The boat left at nine.", note="It left earlier.")
    publishing.return_to_draft(fresh(article), by=None)
    publishing.publish(fresh(article), by=None)
    assert [(told.edition, told.note) for told in article.revisions.exclude(note="")] == [(2, "It left earlier.")]


# Rebuilt -----------------------------------------------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [
        "The boat left at ten.",
        "Nobody was *on board*.",
        "See [the list](https://list.example/).",
        "## Later",
        "It sank.",
    ]
)
TEXTS = st.lists(SENTENCES, min_size=1, max_size=6).map("\n\n".join)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=2, max_size=5))
def test_every_edition_can_be_rebuilt_and_its_difference_gives_the_next(texts: list[str]) -> None:
    with transaction.atomic():
        article = make_article(body=texts[0])
        shown = [fresh(article).body_html]
        for text in texts[1:]:
            if write(article, text).edition:
                shown.append(fresh(article).body_html)  # noqa: PERF401 -- the article changes with each round
        kept = list(article.revisions.editions().order_by("edition"))
        assert [edition.edition for edition in kept] == list(range(1, len(shown) + 1))
        assert [_without_ids(render_edition(edition, article).html) for edition in kept] == [
            _without_ids(html) for html in shown
        ]
        for old, new in pairwise(kept):
            before, after = "\n".join(edition_comparison.lines_of(old)), "\n".join(edition_comparison.lines_of(new))
            found = changes(before, after)
            assert "".join(change.text for change in found if change.kind != "removed") == after
        transaction.set_rollback(True)


def _without_ids(html: str) -> str:
    return re.sub(r' id="[^"]*"', "", html)


def test_rows_of_a_table_and_footnotes_are_compared_one_by_one(article: Article) -> None:
    text = "It left[^1].\n\n| Port | Ships |\n|---|---|\n| Hull | 12 |\n| Oslo | 3 |\n\n[^1]: At ten.\n[^2]: On time."
    old = write(article, text)
    new = write(article, text.replace("| 3", "| 4").replace("ten", "nine"))
    changed = [
        paragraph.html for part in edition_comparison.compare(old, new) if part.changed for paragraph in part.paragraphs
    ]
    assert len(changed) == 2
    assert changed[0].startswith("Oslo | <del>")
    assert changed[1].startswith("At <del>")
    assert new.words_added == 2
