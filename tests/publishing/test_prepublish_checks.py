"""What is worth a look before an article goes before readers, each with its mend."""

from datetime import date

import pytest
from django.test import Client

from articles.accounts.models import User
from articles.importing.models import ImportedFile
from articles.publishing import prepublish_checks
from articles.publishing.companions import Companions, Lost, Quote, Related
from articles.publishing.models import Article, RelatedLink, Source
from tests.desk.conftest import of_group
from tests.desk.forms import change_url
from tests.factories import make_article

pytestmark = pytest.mark.django_db

BODY = "The boat left at ten.\n\nNobody was on board."


def found(article: Article) -> list[str]:
    return [finding.problem for finding in prepublish_checks.findings(Article.objects.get(pk=article.pk))]


def test_a_sound_article_has_nothing_to_look_at() -> None:
    quoted = Companions(quotes=[Quote(text="Nobody was on board", after=1)])
    assert found(make_article(body=BODY, authors=["Ann Lee"], companions=quoted, published=False)) == []


def test_each_finding_says_what_it_is_and_how_to_fix_it() -> None:
    beside = Companions(
        quotes=[Quote(text="Nobody was ever on board", after=1)],
        related=[Related(headline="Another boat")],
        lost=[Lost(words="boat", block=0), Lost(words="board", block=1)],
    )
    long = "word " * (prepublish_checks.LONG_PARAGRAPH + 1)
    make_article("“A boat” leaves")
    article = make_article("A boat leaves", f"{BODY}\n\n{long}", companions=beside, published=False)
    findings = prepublish_checks.findings(Article.objects.get(pk=article.pk))
    assert [(finding.problem[:40], finding.field, finding.prevents_publishing) for finding in findings] == [
        ("The pull quote “Nobody was ever on board", "id_pull_quotes-0-text", True),
        ("2 links have lost their targets.", "id_body", False),
        ("The “Also on” box “Another boat” has no ", "id_related_links-0-target", False),
        ("A paragraph is 151 words long: “word wor", "id_body", False),
        ("Another article has the same headline (1", "id_headline", False),
        ("No author is named.", "id_bylines-0-author", False),
    ]
    assert all(finding.fix for finding in findings)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("on Sunday, 1 March 2026", True),
        ("on Monday, 1 March 2026", False),
        ("on Sunday 1 March", True),
        ("on Tuesday, March 3rd", True),
        ("on Wednesday, March 3", False),
        ("on Wednesday, 31 December", True),  # Of the year before: the article is of March.
        ("on Sunday the 1st of March", True),
        ("on Sunday, 1 March, 2000 people came", True),
        ("on Sunday, 1 March 2000", False),
        ("on Sunday, March 1, 2026", True),
        ("on Monday, March 1st 2026", False),
        ("on Monday, 30 February", False),
        ("on Monday, and 1 March came", True),
        ("a Sunday of March 2026", True),
    ],
)
def test_a_weekday_that_its_date_does_not_have_is_found(words: str, right: bool) -> None:
    january = words.endswith("31 December")
    article = make_article(
        body=f"It left {words}.", authors=["Ann Lee"], dated=date(2026, 1, 2) if january else date(2026, 3, 1)
    )
    assert (found(article) == []) == right


def test_the_fix_for_a_weekday_names_the_right_one() -> None:
    article = make_article(body="It left on Monday, 1 March 2026.", authors=["Ann Lee"])
    finding = prepublish_checks.findings(article)[0]
    assert finding.problem == "Check the date “Monday, 1 March 2026”." and finding.fix == "That day is a Sunday."


def test_a_day_without_a_year_in_an_undated_draft_is_left_alone() -> None:
    assert found(make_article(body="It left on Monday, 1 March.", dated=None, authors=["Ann"], published=False)) == []


def test_what_came_from_outside_names_its_source() -> None:
    article = make_article(body=BODY, authors=["Ann Lee"])
    ImportedFile.objects.create(article=article, name="x", digest="0" * 64, raw="")
    assert found(article) == ["The article was imported, but has no source."]
    Article.objects.filter(pk=article.pk).update(source=Source.objects.create(name="Elsewhere"))
    assert found(article) == []


def test_an_image_needs_words() -> None:
    assert found(make_article(body=f"{BODY}\n\n![](https://paper.example/boat.jpg)", authors=["Ann Lee"])) == [
        "An image has no alt text."
    ]


def test_the_bar_leads_to_the_list_in_the_form(client: Client) -> None:
    editor: User = of_group("Editor")
    client.force_login(editor)
    article = make_article(body=BODY, published=False)
    RelatedLink.objects.create(article=article, headline="Another boat")
    page = client.get(change_url(article)).text
    assert 'href="#checks"' in page and 'id="checks"' in page
    assert '<a href="#id_related_links-0-target">' in page and 'id="id_related_links-0-target"' in page
    assert '<a href="#id_bylines-0-author">' in page and 'id="id_bylines-0-author"' in page
    assert "Before publishing" in page


def test_a_draft_of_the_same_headline_is_told() -> None:
    make_article("The tide", published=False, dated=None)
    assert "A draft has the same headline." in found(make_article("The tide"))


def test_a_long_table_and_long_footnotes_are_no_long_paragraphs() -> None:
    row = f"| {'word ' * 200} | b |\n"
    article = make_article(body=f"Text[^1].\n\n| a | b |\n|---|---|\n{row}\n\n[^1]: {'word ' * 200}", published=False)
    assert not [problem for problem in found(article) if "words long" in problem]
