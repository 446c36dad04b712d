"""A text is saved in one way only, and nothing that stands beside it is lost on the way."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.errors import Refused
from articles.publishing import publishing, revisions, saving
from articles.publishing.companions import Companions, Lost, Quote, Related
from articles.publishing.models import Article, PullQuote
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db

THREE = "The first paragraph is about bread.\n\nThe second one tells of salt and of the sea.\n\nA third speaks of wine."


def ids(article: Article) -> list[int]:
    return list(article.blocks.filter(position__isnull=False).values_list("pk", flat=True))


def edit(article: Article, body: str, **fields: object) -> Article:
    article = Article.objects.get(pk=article.pk)
    article.body = body
    for name, value in fields.items():
        setattr(article, name, value)
    saving.save_article(article, by=None)
    return article


def test_a_paragraph_keeps_its_identity_when_words_are_changed() -> None:
    article = make_article(body=THREE)
    before = ids(article)
    edit(article, THREE.replace("salt and of the sea", "salt and of the wide sea"))
    assert ids(article) == before


def test_a_paragraph_set_between_others_gets_an_identity_of_its_own() -> None:
    article = make_article(body=THREE)
    one, two, three = ids(article)
    edit(article, THREE.replace("\n\nA third", "\n\nQuite another matter entirely.\n\nA third"))
    first, second, new, last = ids(article)
    assert (first, second, last) == (one, two, three)
    assert new not in (one, two, three)


def test_a_paragraph_moved_word_for_word_keeps_its_identity() -> None:
    article = make_article(body=THREE)
    one, two, three = ids(article)
    first, second, third = THREE.split("\n\n")
    edit(article, f"{second}\n\n{third}\n\n{first}")
    assert ids(article) == [two, three, one]


def test_a_rewritten_paragraph_is_another_one() -> None:
    article = make_article(body=THREE)
    before = ids(article)
    edit(article, THREE.replace("A third speaks of wine.", "Nothing like it was ever seen before here."))
    assert ids(article)[:2] == before[:2]
    assert ids(article)[2] != before[2]


def test_what_followed_a_removed_paragraph_follows_the_one_before() -> None:
    beside = Companions(quotes=[Quote(text="Of salt", after=1)], related=[Related(headline="Bread", after=1)])
    article = make_article(body=THREE, companions=beside)
    first, _, third = THREE.split("\n\n")
    edit(article, f"{first}\n\n{third}")
    quote, box = article.pull_quotes.get(), article.related_links.get()
    assert quote.after is not None and quote.after.position == 0
    assert box.after_id == quote.after_id


def test_a_lost_link_goes_with_its_paragraph() -> None:
    article = make_article(
        body=THREE, companions=Companions(lost=[Lost(words="salt", block=1), Lost(words="wine", block=2)])
    )
    first, _, third = THREE.split("\n\n")
    edit(article, f"{first}\n\n{third}")
    assert [link.words for link in article.lost_links.all()] == ["wine"]


def test_an_emptied_text_keeps_its_quotes_for_a_better_day() -> None:
    article = make_article(body=THREE, published=False, companions=Companions(quotes=[Quote(text="Of salt", after=1)]))
    edited = edit(article, "")
    assert article.pull_quotes.get().after is None
    assert "Of salt" in edited.body_html


def test_each_save_is_a_revision_with_who_and_why() -> None:
    editor = make_reader()
    article = make_article(body=THREE, published=False)
    article.body += "\n\nMore."
    revision = saving.save_article(article, by=editor, reason="More was learnt")
    assert (revision.number, revision.by, revision.reason) == (2, editor, "More was learnt")
    assert revision.body.endswith("More.")
    assert revision.public_at is None


def test_a_save_of_a_live_text_is_a_public_revision() -> None:
    article = make_article(body=THREE)
    edit(article, THREE + "\n\nMore.")
    newest = article.revisions.first()
    assert newest is not None and newest.public_at is not None


def test_a_text_saved_meanwhile_is_not_overwritten() -> None:
    article = make_article(body=THREE, published=False)
    mine = Article.objects.get(pk=article.pk)
    had = mine.revision_number
    edit(article, "Theirs.")
    mine.body = "Mine."
    with pytest.raises(saving.EditConflict):
        saving.save_article(mine, by=None, base_number=had)
    assert Article.objects.get(pk=article.pk).body == "Theirs."


def test_saving_a_text_undoes_nothing_that_others_did_meanwhile() -> None:
    article = make_article(body=THREE, published=False)
    taken_up = Article.objects.get(pk=article.pk)
    publishing.publish(article, by=None)
    Article.objects.filter(pk=article.pk).update(comment_count=7)
    taken_up.body = THREE + "\n\nMore."
    saving.save_article(taken_up, by=None)
    now = Article.objects.get(pk=article.pk)
    assert (now.status, now.comment_count) == (Article.Status.LIVE, 7)
    assert now.body.endswith("More.")


def test_an_article_needs_a_headline() -> None:
    with pytest.raises(Refused) as refused:
        saving.save_article(Article(headline="  \u202e "), by=None)
    assert refused.value.field == "headline"


@pytest.mark.parametrize(("field", "value"), [("dated", None), ("body", "  ")])
def test_a_live_article_keeps_its_date_and_its_text(field: str, value: object) -> None:
    article = make_article(body=THREE)
    article = Article.objects.get(pk=article.pk)
    setattr(article, field, value)
    with pytest.raises(Refused) as refused:
        saving.save_article(article, by=None)
    assert refused.value.field == field


def test_articles_of_one_day_and_one_headline_get_addresses_of_their_own() -> None:
    slugs = [make_article("The same", dated=date(2026, 3, 1)).slug for _ in range(3)]
    assert slugs == ["the-same", "the-same-2", "the-same-3"]
    assert make_article("The same", dated=date(2026, 3, 2)).slug == "the-same"


@pytest.mark.parametrize("headline", ["🎉🎉", "?!…", "—"])
def test_a_headline_without_letters_still_gives_an_address(headline: str) -> None:
    assert make_article(headline).slug.startswith("article")


def test_a_quote_that_stays_word_for_word_keeps_its_identity_when_all_is_placed_anew() -> None:
    beside = Companions(quotes=[Quote(text="Of salt", after=1)], related=[Related(headline="Bread")])
    article = make_article(body=THREE, companions=beside)
    quote, box = article.pull_quotes.get().pk, article.related_links.get().pk
    saving.save_article(article, by=None, companions=beside)
    assert (article.pull_quotes.get().pk, article.related_links.get().pk) == (quote, box)


def test_words_of_a_repeated_quote_are_not_counted_twice() -> None:
    repeated = make_article(body=THREE, companions=Companions(quotes=[Quote(text="A third speaks of wine.")]))
    alone = make_article(body=THREE, companions=Companions(quotes=[Quote(text="Only the beer is missing here.")]))
    words = len(THREE.split())
    assert repeated.word_count == words
    assert alone.word_count == words + 6


def test_a_save_asks_the_same_number_of_questions_for_short_and_long_texts() -> None:
    def questions(paragraphs: int) -> int:
        body = "\n\n".join(f"Paragraph number {number} of all." for number in range(paragraphs))
        article = make_article(body=body, published=False)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            edit(article, body + "\n\nAnother, at the end.")
        return len(asked)

    assert questions(3) == questions(60)


def test_a_position_is_taken_by_one_paragraph_only_after_many_edits() -> None:
    article = make_article(body=THREE)
    parts = THREE.split("\n\n")
    for order in ([2, 0, 1], [1, 2], [0], [0, 1, 2], []):
        article = edit(article, "\n\n".join(parts[index] for index in order) or "Other.")
        positions = list(article.blocks.filter(position__isnull=False).values_list("position", flat=True))
        assert positions == list(range(len(order) or 1))


def test_quotes_placed_at_the_end_follow_the_last_paragraph_also_after_edits() -> None:
    article = edit(make_article(body=THREE), THREE.split("\n\n", maxsplit=1)[0])
    saving.save_article(article, by=None, companions=Companions(quotes=[Quote(text="At last")]))
    assert PullQuote.objects.get().after.position == 0  # type: ignore[union-attr]


def test_quotes_and_boxes_of_the_same_words_do_not_multiply() -> None:
    boxes = [Related(headline="The tide", url=f"https://{site}.example/tide") for site in ("north", "south")]
    quotes = [Quote(text="salt and of the sea", speaker=name) for name in ("Ann", "Bo")]
    article = make_article(body=THREE, companions=Companions(quotes=quotes, related=boxes))
    rows = [set(kind.values_list("pk", flat=True)) for kind in (article.pull_quotes, article.related_links)]
    revisions.restore(article.revisions.get(), by=None)
    assert [set(kind.values_list("pk", flat=True)) for kind in (article.pull_quotes, article.related_links)] == rows
    assert list(article.pull_quotes.values_list("speaker", flat=True)) == ["Ann", "Bo"]
    assert [box.url for box in article.related_links.all()] == [box.url for box in boxes]
