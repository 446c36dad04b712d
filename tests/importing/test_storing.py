"""The same file twice, a changed file, and what may never happen to what is published."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from articles.importing.formats.file_parsing import parse_file
from articles.importing.models import Guess, ImportedFile
from articles.importing.storing import Outcome, State, store
from articles.publishing import publishing, revisions, saving
from articles.publishing.companions import Quote, Related
from articles.publishing.models import Article, Revision
from tests.factories import make_owner
from tests.importing.files import import_file

pytestmark = pytest.mark.django_db

TEXT = (
    "The gull and the hat\n\n{day}\n\nThe gull went to the roof of the chapel at noon, and it took the vicar's hat "
    "along.\n\nThe vicar went home {how}, and the town talked of nothing else for a week.\n"
)


def bring(
    how: str = "bareheaded", *, day: str = "28/08/2019", publish: bool = False, name: str = "gull.txt"
) -> Outcome:
    return import_file(name, TEXT.format(how=how, day=day).encode(), publish=publish)


def test_a_new_file_becomes_a_draft() -> None:
    outcome = bring()
    article = Article.objects.get()
    assert (outcome.state, outcome.article, article.status) == (State.CREATED, article, "draft")
    assert article.revisions.get().reason == "Imported from gull.txt"
    assert not Article.objects.public().exists()


def test_a_published_file_goes_live_now_under_its_own_day() -> None:
    before = timezone.now()
    assert bring(publish=True).published
    article = Article.objects.public().get()
    assert article.go_live_at and before <= article.go_live_at <= timezone.now()
    assert article.get_absolute_url() == "/2019/08/28/the-gull-and-the-hat/"


def test_the_same_file_again_changes_nothing() -> None:
    bring(publish=True)
    before = (Article.objects.values().get(), Revision.objects.count(), Guess.objects.count())
    for publish in (False, True):
        assert bring(publish=publish).state is State.UNCHANGED
    assert bring(publish=True, name="other.txt").state is State.UNCHANGED
    assert (Article.objects.values().get(), Revision.objects.count(), Guess.objects.count()) == before


def test_a_draft_that_nobody_touched_is_published_when_asked_later() -> None:
    bring()
    outcome = bring(publish=True)
    assert (outcome.state, outcome.published) == (State.UNCHANGED, True)
    assert Article.objects.public().count() == 1


def test_a_changed_file_is_a_new_revision_of_its_draft() -> None:
    bring()
    outcome = bring("with a bucket on his head")
    article = Article.objects.get()
    assert outcome.state is State.CHANGED
    assert "bucket" in article.body
    assert [revision.number for revision in article.revisions.all()] == [2, 1]
    assert ImportedFile.objects.count() == 2


def test_a_changed_file_for_a_live_article_waits_for_an_editor() -> None:
    bring(publish=True)
    before = Article.objects.values().get()
    outcome = bring("with a bucket on his head")
    assert outcome.state is State.PROPOSED
    assert Article.objects.values().get() == before
    revision = Revision.objects.get(state=Revision.State.PROPOSED)
    assert "bucket" in revision.body and revision.public_at is None
    article = Article.objects.get()
    revisions.restore(revision, by=make_owner())
    article.refresh_from_db()
    assert "bucket" in article.body
    assert bring("with a bucket on his head").state is State.UNCHANGED


def test_publish_changes_a_live_text_in_its_place() -> None:
    bring(publish=True)
    before = Article.objects.get()
    outcome = bring("with a bucket on his head", publish=True)
    article = Article.objects.get()
    assert outcome.state is State.CHANGED
    assert "bucket" in article.body and article.updated_at is not None
    assert (article.status, article.go_live_at) == (before.status, before.go_live_at)
    assert article.get_absolute_url() == before.get_absolute_url()


def test_a_held_file_never_replaces_a_live_text() -> None:
    bring(publish=True)
    outcome = bring("with a bucket on his head", day="", publish=True)
    assert (outcome.state, outcome.published) == (State.PROPOSED, False)
    assert "bucket" not in Article.objects.get().body


def test_what_was_withdrawn_stays_withdrawn() -> None:
    bring(publish=True)
    article = publishing.withdraw(Article.objects.get(), by=make_owner(), reason="The vicar asked us to.")
    for outcome in (bring(publish=True), bring("at last", publish=True)):
        assert not outcome.published
        article.refresh_from_db()
        assert article.status == Article.Status.WITHDRAWN


def test_an_article_returned_to_draft_is_not_published_again_by_an_import() -> None:
    bring(publish=True)
    publishing.return_to_draft(Article.objects.get(), by=make_owner())
    assert not bring(publish=True).published
    assert Article.objects.get().status == Article.Status.DRAFT


def test_a_draft_that_an_editor_works_on_is_not_overwritten() -> None:
    bring()
    article = Article.objects.get()
    article.body = "The editor's own words."
    saving.save_article(article, by=make_owner())
    assert bring("with a bucket on his head").state is State.PROPOSED
    article.refresh_from_db()
    assert article.body == "The editor's own words."


def test_a_scheduled_article_keeps_its_text_and_its_time() -> None:
    bring()
    at = timezone.now() + timedelta(days=1)
    publishing.publish(Article.objects.get(), by=make_owner(), at=at)
    assert bring("with a bucket on his head").state is State.PROPOSED
    assert Article.objects.get().go_live_at == at


def test_the_same_file_name_with_another_article_is_another_article() -> None:
    bring()
    data = b"The tide clock\n\n28/08/2019\n\nNothing was said of birds; a mechanic wound up springs, cogs, levers."
    assert import_file("gull.txt", data).state is State.CREATED
    assert Article.objects.count() == 2


def test_another_day_is_the_same_article_if_headline_and_text_are() -> None:
    bring()
    assert bring(day="29/08/2019").state is State.CHANGED
    assert str(Article.objects.get().dated) == "2019-08-29"


def test_a_changed_headline_of_a_draft_changes_its_address() -> None:
    bring()
    data = TEXT.format(how="bareheaded", day="28/08/2019").replace("and the hat", "and the vicar's hat").encode()
    assert import_file("gull.txt", data).state is State.CHANGED
    assert Article.objects.get().slug == "the-gull-and-the-vicars-hat"


def test_two_articles_of_a_day_and_headline_have_two_addresses() -> None:
    bring(publish=True)
    bring("in a hurry", publish=True, name="other.txt")
    assert {a.slug for a in Article.objects.all()} == {"the-gull-and-the-hat", "the-gull-and-the-hat-2"}


def test_the_facts_of_the_front_lines_are_stored() -> None:
    front = "Byline: Ada Marlow and Tom Addai\nSection: Harbour\nPlace: PORT ELLERY\nLanguage: en-gb\nSource: The Gull"
    for number in (1, 2):
        data = TEXT.format(how=str(number), day=f"28/08/2019\n\n{front}").encode()
        import_file(f"{number}.txt", data, source="Another")
    article = Article.objects.first()
    assert article is not None
    assert [byline.author.name for byline in article.bylines.all()] == ["Ada Marlow", "Tom Addai"]
    assert article.section and article.section.name == "Harbour"
    assert (article.place, article.language) == ("PORT ELLERY", "en-gb")
    assert article.source and article.source.name == "The Gull"


def test_the_source_named_by_the_importer_is_taken() -> None:
    import_file("gull.txt", TEXT.format(how="so", day="28/08/2019").encode(), source="The Gull")
    article = Article.objects.get()
    assert article.source and article.source.name == "The Gull"


def test_a_dry_run_writes_nothing() -> None:
    data = TEXT.format(how="so", day="28/08/2019").encode()
    outcome = import_file("gull.txt", data, publish=True, source="The Gull", dry_run=True)
    assert (outcome.state, outcome.published) == (State.CREATED, True)
    assert not Article.objects.exists() and not ImportedFile.objects.exists()


def test_a_file_that_the_rules_refuse_halfway_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("articles.importing.storing.Guess.objects.bulk_create", fail)
    with pytest.raises(ZeroDivisionError):
        bring(publish=True)
    assert not Article.objects.exists()


def test_a_file_whose_pull_quote_differs_from_its_text_is_held() -> None:
    text = (
        "A headline about the lamps\n\n28/08/2019\n\n"
        "The harbour master rowed out at nine and counted every lamp along the quay himself.\n\n"
        "“Nobody in the net loft had counted the lamps before that night,” he said, “and we are not proud of it.”\n\n"
        "Nobody in the net loft had ever counted the lamps and we are not proud of it\n\n"
        "He will count them again in the spring, when the evenings are longer and the water is warm.\n"
    )
    outcome = import_file("lamps.txt", text.encode(), publish=True)
    assert outcome.article is not None
    quote = outcome.article.pull_quotes.get()
    assert quote.state == "altered"
    assert "doesn’t match the article" in outcome.held and not outcome.published
    assert outcome.article.status == Article.Status.DRAFT


def test_a_part_longer_than_its_column_is_refused_on_every_database() -> None:
    """cases.md I4."""
    record = parse_file("gull.txt", TEXT.format(how="so", day="28/08/2019").encode())
    long = "A" * 400
    for change in (
        {"headline": long},
        {"authors": (long,)},
        {"quotes": (Quote(text="The gull went", speaker=long),)},
        {"related": (Related(headline=long),)},
    ):
        outcome = store(replace(record, **change), publish=True, source=None, by=None, day_first=None, dry_run=False)
        assert outcome.state is State.REJECTED
        assert "has 400 characters, at most " in outcome.reason
    assert not Article.objects.exists()


def test_a_locked_database_costs_one_file_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """cases.md I16."""

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("articles.importing.storing._store", fail)
    outcome = bring(publish=True)
    assert (outcome.state, outcome.reason) == (State.REJECTED, "import it again later: database is locked")
