"""The body set as HTML: quotes, boxes, date line and lost links in their places."""

import pytest

from articles.publishing.companions import Companions, Lost, Quote, Related
from articles.publishing.layout import fill_places, lay_out, mark_lost_links
from articles.publishing.models import Article, LostLink
from articles.text.placeholders import OPEN
from tests.factories import make_article
from tests.text.growth import LINEAR, growth

pytestmark = pytest.mark.django_db

BODY = "He said it.\n\nShe noted it, and didn't deny it.\n\nAll was quiet."


def test_quotes_and_boxes_stand_after_their_paragraphs() -> None:
    beside = Companions(quotes=[Quote(text="Never again", after=0)], related=[Related(headline="Elsewhere", after=1)])
    article = make_article(body=BODY, companions=beside)
    html = article.body_html
    order = [html.index(piece) for piece in ("He said it", "Never again", "She noted", OPEN + "also:", "All was quiet")]
    assert order == sorted(order)


def test_every_paragraph_has_an_anchor_that_stays() -> None:
    article = make_article(body=BODY)
    for block in article.blocks.all():
        assert f'id="p{block.pk}"' in article.body_html


def test_the_place_opens_the_first_paragraph_also_after_a_heading() -> None:
    plain = make_article(body=BODY, place="Ankara & beyond")
    assert '<span class="dateline">Ankara &amp; beyond</span> — He said' in plain.body_html
    headed = make_article(body="## Before\n\n" + BODY, place="Ankara")
    assert '<span class="dateline">Ankara</span> — He said' in headed.body_html
    assert headed.body_html.count("dateline") == 1


def test_a_quote_that_repeats_the_body_is_an_aside_and_left_out_of_feeds() -> None:
    article = make_article(body=BODY, companions=Companions(quotes=[Quote(text="All was quiet.", after=0)]))
    assert "<aside" in article.body_html
    assert "<aside" not in lay_out(article, for_feed=True)
    assert lay_out(article, for_feed=True).count("All was quiet") == 1


def test_a_quote_that_stands_alone_is_body_also_in_feeds() -> None:
    beside = Companions(quotes=[Quote(text="Never again", speaker="Ana", after=0)])
    article = make_article(body=BODY, companions=beside)
    assert "<blockquote" in article.body_html
    assert "Never again" in lay_out(article, for_feed=True)
    assert "<b>Ana</b>" in lay_out(article, for_feed=True)


def test_an_unconfirmed_speaker_is_not_shown() -> None:
    quote = Quote(text="Never again", speaker="Pompeo", speaker_confirmed=False, after=0)
    assert "Pompeo" not in make_article(body=BODY, companions=Companions(quotes=[quote])).body_html


def test_a_lost_link_is_text_with_a_note_and_never_a_link() -> None:
    article = make_article(body=BODY, companions=Companions(lost=[Lost(words="noted", block=1)]))
    assert '<span class="dead-link"' in article.body_html
    assert "href" not in article.body_html


def test_the_recorded_occurrence_of_lost_words_is_marked() -> None:
    article = make_article(body=BODY, companions=Companions(lost=[Lost(words="it", block=1, occurrence=1)]))
    before, _, after = article.body_html.partition('<span class="dead-link"')
    assert before.endswith("deny ")
    assert after.index("it") < after.index("All was quiet")


def test_several_lost_links_of_one_paragraph_do_not_disturb_each_other() -> None:
    """The note has words of its own, “link” among them."""
    body = "A link, another link, and the original."
    lost = [Lost(words="link", block=0, occurrence=number) for number in (0, 1)]
    article = make_article(body=body, companions=Companions(lost=[*lost, Lost(words="original", block=0)]))
    assert article.body_html.count('<span class="dead-link"') == 3
    for words in (">link<", ">original<"):
        assert words in article.body_html


def test_twice_the_lost_links_take_twice_the_time() -> None:
    def mark(text: str) -> None:
        mark_lost_links(text, [LostLink(words="link", occurrence=number) for number in range(text.count("link"))])

    assert growth(mark, lambda count: f"<p>{'link ' * count}</p>", 4_000) < LINEAR


def test_lost_words_are_found_with_typographic_quotation_marks_and_signs() -> None:
    lost = [Lost(words="didn't", block=0), Lost(words='"Q&A"', block=0)]
    article = make_article(body='He didn\'t say "Q&A" < 3.', companions=Companions(lost=lost))
    assert article.body_html.count('class="dead-link"') == 2
    assert "“Q&amp;A”" in article.body_html
    assert "&lt; 3" in article.body_html


def test_lost_words_inside_a_tag_are_left_alone() -> None:
    body = "See [here](https://paper.example/noted) what he noted."
    article = make_article(body=body, companions=Companions(lost=[Lost(words="noted", block=0)]))
    assert 'href="https://paper.example/noted"' in article.body_html
    assert ">noted<span" in article.body_html


def test_hostile_words_beside_the_text_are_harmless() -> None:
    evil = "<script>alert(1)</script>"
    beside = Companions(
        quotes=[Quote(text=evil, speaker=evil, role=evil, after=0)],
        related=[Related(headline=evil, label=evil)],
        lost=[Lost(words=evil, block=0)],
    )
    article = make_article(body=f"{evil} said.", place=evil, companions=beside)
    assert "<script" not in article.body_html


def test_boxes_are_filled_by_the_page_and_unknown_ones_leave_nothing() -> None:
    article = make_article(body=BODY, companions=Companions(related=[Related(headline="Elsewhere", after=0)]))
    box = article.related_links.get()
    assert "[BOX]" in fill_places(article.body_html, box=lambda number: "[BOX]" if number == box.pk else "")
    assert "also:" not in fill_places(article.body_html, box=lambda _number: "")


def test_a_text_cannot_forge_the_mark_of_a_box() -> None:
    article = make_article(body="<!--@also:1-->\n\n`<!--@also:1-->`\n\nText.")
    assert OPEN not in Article.objects.get(pk=article.pk).body_html


TABLE = "| Port | Ships |\n|---|---|\n| Hull | 12 |"


def test_a_table_and_the_footnotes_are_blocks_with_anchors() -> None:
    article = make_article(body=f"He said it[^1].\n\n{TABLE}\n\n[^1]: To me.")
    for block in article.blocks.all():
        assert f' id="{block.anchor}"' in article.body_html
    assert '<section id="p' in article.body_html
    assert article.word_count == len("He said it. Port Ships Hull 12 To me.".split())


def test_links_back_from_footnotes_are_named_for_screen_readers() -> None:
    article = make_article(body="He said it[^1], and again[^1].\n\n[^1]: To me.")
    assert 'class="footnotes" role="doc-endnotes"' in article.blocks.get(position=1).html
    assert 'aria-label="Footnotes"' in article.body_html
    assert 'href="#fnref-1" aria-label="Back to reference 1"' in article.body_html
    assert 'href="#fnref-1-2" aria-label="Back to reference 1-2"' in article.body_html


def test_footnotes_in_a_feed_have_no_links_that_lead_nowhere() -> None:
    html = lay_out(make_article(body="He said it[^1].\n\n[^1]: To me."), for_feed=True)
    assert "it<sup>1</sup>" in html
    assert "To me.</p>" in html
    assert "#fn" not in html
    assert "id=" not in html


def test_lost_links_are_found_beside_footnotes() -> None:
    body = "Note 1[^1] of 1 boat.\n\n[^1]: A footnote."
    lost = [Lost(words="1", block=0, occurrence=1), Lost(words="footnote", block=1)]
    html = make_article(body=body, companions=Companions(lost=lost)).body_html
    assert 'of <span class="dead-link"' in html
    assert 'A <span class="dead-link"' in html
    assert html.count('<a class="footnote-') == 2


def test_the_columns_of_a_table_begin_where_its_letters_do() -> None:
    html = fill_places(make_article(body=f"Hi.\n\n{TABLE.replace('Port', 'ميناء')}").body_html, box=lambda _number: "")
    assert '<table dir="rtl">' in html
    assert '<td dir="auto">Hull</td>' in html
