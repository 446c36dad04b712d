"""Each paragraph has a direction of its own."""

import re

import pytest
from django.test import Client

from articles.text.directions import own_directions
from tests.factories import make_article, make_comment

ENGLISH, ARABIC = "Ships lay in the harbour.", "وصلت السفن إلى الميناء."


# cases.md L7
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_paragraph_of_an_article_and_of_a_comment_has_its_own_direction(client: Client, language: str) -> None:
    body = f"{ENGLISH}\n\n{ARABIC}\n\n## {ARABIC}\n\n> {ARABIC}\n\n- {ENGLISH}"
    article = make_article("One", body, language=language)
    make_comment(article, f"{ENGLISH}\n\n{ARABIC}\n\n> {ARABIC}")
    for path in (article.get_absolute_url(), article.history_url + "1/"):
        page = client.get(path).text
        assert len(re.findall(f'<p[^>]* dir="auto"[^>]*>{ENGLISH}', page)) >= 1
        assert len(re.findall(f'<p[^>]* dir="auto"[^>]*>{ARABIC}', page)) >= 2
        assert re.search(f'<h2[^>]* dir="auto"[^>]*>{ARABIC}', page)
        assert re.search(f'<blockquote[^>]* dir="rtl"[^>]*>\\s*<p dir="auto">{ARABIC}', page)
        assert re.search(f'<ul[^>]* dir="ltr"[^>]*>\\s*<li dir="auto">{ENGLISH}', page)
    comment = client.get(article.get_absolute_url()).text.partition('<div class="comment-body"')[2]
    assert f'<p dir="auto">{ENGLISH}</p>' in comment
    assert f'<p dir="auto">{ARABIC}</p>' in comment
    assert '<blockquote dir="rtl">' in comment


def test_what_has_a_direction_or_no_letters_is_left_alone() -> None:
    html = '<p dir="auto">a</p><p class="x"></p><ul>\n<li>1</li></ul><pre>&lt;p&gt;</pre>'
    assert own_directions(html) == html.replace("<li>", '<li dir="auto">')
    assert own_directions("<ol><li>\n<p>א</p></li></ol>") == (
        '<ol dir="rtl"><li dir="rtl">\n<p dir="auto">א</p></li></ol>'
    )


def test_the_address_of_a_long_link_has_no_direction() -> None:
    quotation = f'<blockquote><p>“<a href="https://paper.example/{"x" * 600}">ראשון</a></p></blockquote>'
    assert own_directions(quotation).startswith('<blockquote><p dir="auto">')
