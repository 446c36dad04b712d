"""The front page: its name plate, the order of its parts, and what its layout follows."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from articles.discussion import recommending
from articles.publishing import correcting, saving
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, Correction, Pin, Section
from tests.factories import make_article, make_comment, make_owner, make_picture, make_reader
from tests.reading.pages import Page

pytestmark = pytest.mark.django_db


def make_articles(number: int, section: Section | None = None) -> list[Article]:
    """Publish so many articles, each a minute older than the one before."""
    now = timezone.now()
    return [
        make_article(f"Article {index:02}.", at=at, dated_at=at, section=section)
        for index in range(number)
        if (at := now - timedelta(minutes=index))
    ]


def part_of(page: str, begins: str, ends: str) -> str:
    return page.partition(begins)[2].partition(ends)[0]


def headlines(html: str) -> list[int]:
    return [int(number) for number in re.findall(r">\s*Article (\d\d)\.\s*</a>", html)]


def correct(article: Article) -> Correction:
    article = Article.objects.get(pk=article.pk)
    article.body = "It left at nine."
    revision = saving.save_article(article, by=None)
    return correcting.add_correction(revision, text="It left at nine.", by=make_owner())


def test_the_name_plate_has_the_name_the_day_and_the_last_publication(client: Client) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    inside = make_article(at=datetime(2026, 3, 2, 9, 40, tzinfo=UTC), section=section)
    make_article(at=datetime(2026, 3, 1, 9, 40, tzinfo=UTC))
    front = client.get("/").text
    assert '<header class="masthead name-plate">' in front
    assert '<h1 class="name"><a href="/">The Lantern</a></h1>' in front
    today = timezone.localdate()
    assert f"<b>{date_format(today, 'l')}</b> {date_format(today, 'DATE_FORMAT')}" in front
    assert '<b>Updated</b> <time datetime="2026-03-02T09:40+00:00">' in front
    for page in (client.get(inside.get_absolute_url()).text, client.get("/sections/harbour/").text):
        assert '<header class="masthead">' in page
        assert '<a class="name" href="/">The Lantern</a>' in page


def test_a_long_name_is_smaller_on_the_name_plate(client: Client, settings: Any) -> None:
    settings.PAPER_NAME = "The Port Ellery and District Evening Advertiser"
    assert '<h1 class="name long"><a href="/">The Port Ellery' in client.get("/").text


def test_the_parts_of_the_page_are_in_order_and_their_headings_descend_by_one(client: Client) -> None:
    section = Section.objects.create(name="Harbour", slug="harbour")
    articles = make_articles(16, section)
    make_comment(articles[6])
    correct(articles[2])
    page = client.get("/").text
    order = ['class="lead', 'class="row of-4"', 'id="latest"', 'id="discussed"', 'class="blocks', 'id="corrected"']
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    levels = [int(tag[1]) for tag, _attributes in Page(page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert headlines(part_of(page, 'class="lead', 'class="day')) == [0, 1, 2, 3, 4]
    assert headlines(part_of(page, 'id="latest"', "</section>")) == [5, 6, 7, 8, 9, 10, 11, 12]
    assert headlines(part_of(page, 'class="blocks', "</section>")) == [13, 14, 15]


@pytest.mark.parametrize(("pins", "row"), [(0, 4), (1, 4), (2, 4), (3, 2), (4, 3), (5, 4), (6, 4)])
def test_the_number_of_pins_is_the_length_of_the_row(client: Client, pins: int, row: int) -> None:
    articles = make_articles(20)
    for order, article in enumerate(articles[10 : 10 + pins], start=1):
        Pin.objects.create(article=article, order=order)
    page = client.get("/").text
    assert f'class="row of-{row}"' in page
    shown = headlines(part_of(page, 'class="lead', 'class="day'))
    assert len(shown) == 1 + row
    assert shown[:pins] == list(range(10, 10 + pins))[: 1 + row]


def test_a_section_has_its_newest_articles_that_are_not_above(client: Client) -> None:
    hills, empty, table = (
        Section.objects.create(name=name, slug=name.lower(), order=order)
        for order, name in enumerate(("Hills", "Empty", "Table"))
    )
    make_articles(13)
    for section, picture in ((hills, None), (table, make_picture())):
        for index in range(9):
            at = timezone.now() - timedelta(days=1, minutes=index)
            companions = Companions(pictures=[Placed(picture=picture, role="lead")]) if picture else None
            make_article(f"Article {20 + index}.", at=at, dated_at=at, section=section, companions=companions)
    blocks = part_of(client.get("/").text, 'class="blocks of-2"', "</main>").split("</section>")
    assert headlines(blocks[0]) == [20, 21, 22, 23, 24, 25, 26]
    assert headlines(blocks[1]) == [20, 21, 22, 23], "three lines under a picture, six without"
    assert "Hills" in blocks[0] and "Table" in blocks[1]
    assert not any(empty.name in block for block in blocks)


def test_the_most_discussed_of_a_week_are_ranked_with_a_readers_words(client: Client) -> None:
    articles = make_articles(16)
    old = make_article("Article 90.", at=timezone.now() - timedelta(days=8))
    Article.objects.filter(pk=old.pk).update(comment_count=99)
    for article, comments in ((articles[15], 3), (articles[0], 2), (articles[4], 1)):
        for number in range(comments):
            comment = make_comment(article, f"Words {number} on it.")
            recommending.recommend(comment=comment, by=make_reader())
    page = client.get("/").text
    discussed = part_of(page, '<ol class="discussed">', "</ol>")
    assert headlines(discussed) == [15, 0, 4]
    assert discussed.count("<blockquote") == 1
    assert "on it." in part_of(page, 'class="lead', 'class="row')


def test_nothing_is_most_discussed_where_nobody_comments(client: Client) -> None:
    make_articles(7)
    page = client.get("/").text
    assert 'id="latest"' in page
    assert "Most discussed" not in page


def test_a_correction_is_shown_for_a_week_and_marks_its_article(client: Client) -> None:
    _first, second = make_articles(2)
    assert "Corrected" not in client.get("/").text
    correction = correct(second)
    page = client.get("/").text
    line = part_of(page, 'class="latest-correction"', "</section>")
    assert "It left at nine." in line and f"{second.get_absolute_url()}#correction-{correction.pk}" in line
    assert "<span>Corrected</span>" in part_of(page, 'class="row', "</main>")
    assert "<span>Corrected</span>" not in part_of(page, 'class="lead', 'class="row')
    Correction.objects.update(made_at=timezone.now() - timedelta(days=8))
    assert 'class="latest-correction"' not in client.get("/").text


def test_cards_say_who_when_how_long_how_many_and_exactly_when_on_request(client: Client) -> None:
    now = timezone.now()
    article = make_article(at=now, dated_at=now, authors=["Ann Lee", "Bo Ek"])
    make_comment(article)
    meta = " ".join(part_of(client.get("/").text, '<p class="meta dot-separated">', "</p>").split())
    day, exact = timezone.localdate().isoformat(), date_format(timezone.localdate(), "DATE_FORMAT")
    facts = [
        "<span>Ann Lee, Bo Ek</span>",
        f'<time datetime="{day}" title="{exact}">Today</time>',
        "1 minute",
        '1 comment<span class="sr-only">',
    ]
    assert all(fact in meta for fact in facts), meta
    assert [meta.index(fact) for fact in facts] == sorted(meta.index(fact) for fact in facts)
