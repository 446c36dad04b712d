"""Mentions in comments."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.markdown import ParsedComment
from articles.text.mentions import NAME_MAX_LENGTH, Mentionable, candidate_names
from articles.text.slugs import name_key

PEOPLE = {
    name_key(name): Mentionable(name, f"/readers/{name}/")
    for name in ("Ana", "ana.lee", "Paul", "Ἀθηνᾶ", "दिनेश", "王芳")
}


def links(source: str) -> list[str]:
    """The names that became links."""
    html = ParsedComment(source).html(PEOPLE)
    return [part.partition("</bdi>")[0] for part in html.split("@<bdi>")[1:]]


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("@Ana", ["Ana"]),
        ("Hi (@ANA), @paul: “@ána”!", ["Ana", "Paul", "Ana"]),
        ("@Pau1 and @Раul", ["Paul", "Paul"]),  # A look-alike can only mean the one who has the name.
        ("@ana.lee. @ana.said @ana_ *@ana* @ana’s", ["ana.lee", "Ana", "Ana", "Ana", "Ana"]),
        ("@Ἀθηνᾶ @दिनेश @王芳 好", ["Ἀθηνᾶ", "दिनेश", "王芳"]),
        ("- @Ana\n\n1. **@Paul**", ["Ana", "Paul"]),
        ("@nobody @ana1 @", []),
        ("`@Ana`", []),
        ("```\n@Ana\n```", []),
        ("[@Ana](https://a.example/)", []),
        ("https://a.example/@Ana <https://a.example/@Ana>", []),
        ("> @Ana", []),
        ("> > @Ana\n\n@Paul", ["Paul"]),
        ("mira@Ana x.@Ana", []),
        (r"\@Ana", []),
    ],
)
def test_who_is_mentioned(source: str, called: list[str]) -> None:
    assert links(source) == called
    assert {name_key(name) for name in called} == ParsedComment(source).mentioned_keys(PEOPLE)


def test_the_link_shows_the_name_as_its_owner_writes_it() -> None:
    html = ParsedComment("See @ANA.").html(PEOPLE)
    assert html == '<p>See <a href="/readers/Ana/" rel="nofollow ugc noopener">@<bdi>Ana</bdi></a>.</p>'


@given(st.text(alphabet="a.-_1é\u0301@ ", max_size=90))
def test_a_mention_may_mean_shorter_names(run: str) -> None:
    names = list(candidate_names("@" + run))
    assert all(len(a) > len(b) and a.startswith(b) and b for a, b in pairwise(names))
    assert all(len(name) <= NAME_MAX_LENGTH and run.startswith(name) for name in names)


def test_many_mentions_are_fast() -> None:
    import time

    started = time.process_time()
    read = ParsedComment(("@" + "a." * 20 + " ") * 120)
    read.html({})
    assert len(read.candidate_keys) == 20
    assert time.process_time() - started < 1
