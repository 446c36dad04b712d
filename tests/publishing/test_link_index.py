"""The links of all articles are noted at each save, and readers see a dead one as text."""

import pytest
from django.test import Client

from articles.publishing import link_index, prepublish_checks, publishing, saving
from articles.publishing.companions import Companions, Related
from articles.publishing.models import Article, Link, LinkTarget
from articles.web.safe_fetch import Result
from tests.factories import make_article, make_owner
from tests.publishing.links import OLD, linked, make_dead, only, page, settled

pytestmark = pytest.mark.django_db


def test_links_of_text_boxes_and_original_are_noted_and_forgotten_with_them() -> None:
    article = make_article(
        body=f"One [here]({OLD}#part), one [there]({OLD}), [mail](mailto:a@b.example).",
        source_url="https://source.example/x",
        companions=Companions(related=[Related(headline="A box", url="https://box.example/y")]),
    )
    found = set(Link.objects.values_list("place", "target__url", "target__host", "words"))
    assert found == {
        ("text", OLD, "old.example", "here"),
        ("box", "https://box.example/y", "box.example", "A box"),
        ("source", "https://source.example/x", "source.example", article.headline),
    }
    article = Article.objects.get()
    article.body, article.source_url = "No link.", ""
    saving.save_article(article, by=None, companions=Companions())
    assert not Link.objects.exists()
    assert not LinkTarget.objects.linked().exists()


def test_one_address_of_many_articles_is_one_target() -> None:
    for _ in range(3):
        linked()
    assert only().links.count() == 3


def test_the_papers_own_addresses_are_paths() -> None:
    make_article(body="[One](/2026/03/01/x/), [two](http://localhost:8000/2026/03/01/x/#p1), [three](../y/).")
    assert {(target.url, target.host) for target in LinkTarget.objects.all()} == {
        ("/2026/03/01/x/", ""),
        ("/2026/03/01/y/", ""),
    }


def test_saving_again_keeps_the_rows() -> None:
    article = linked()
    before = Link.objects.get().pk
    article.body += "\n\nMore."
    saving.save_article(article, by=None)
    assert Link.objects.get().pk == before


def test_an_address_too_long_for_anybody_is_left_out() -> None:
    linked("https://old.example/" + "a" * 2100)
    assert not LinkTarget.objects.exists()


def test_the_words_of_a_link_follow_the_text() -> None:
    article = linked()
    article.body = article.body.replace("said so", "told us")
    saving.save_article(article, by=None)
    assert Link.objects.get().words == "told us"


def test_a_host_that_no_name_server_knows_is_left_out() -> None:
    linked(f"http://{'a' * 300}/")
    assert not LinkTarget.objects.exists()


def test_a_deleted_article_leaves_no_address_to_be_asked() -> None:
    publishing.delete(linked())
    assert not LinkTarget.objects.linked().exists()
    link_index.delete_unlinked_targets()
    assert not LinkTarget.objects.exists()


def test_readers_see_a_dead_link_as_text_with_a_note_on_page_feed_and_edition() -> None:
    article = make_article(
        body=f"He [said so]({OLD}#then) once.\n\nAnd [again]({OLD}).",
        source_url=OLD,
        companions=Companions(related=[Related(headline="A box", url=OLD)]),
    )
    article.body += "\n\nA new end."
    saving.save_article(article, by=None)
    assert page(article).count(f'href="{OLD}') == 3
    make_dead()
    html = page(article)
    assert f'href="{OLD}' not in html
    assert html.count("This link no longer works") == 4 + 1  # A title and an unseen note for each; and the box.
    assert "said so" in html
    assert "A box" in html
    for address in ("/feed/", "/feed.json", f"{article.history_url}1/"):
        assert f'href="{OLD}' not in Client().get(address).content.decode().replace("\\", "").replace("&quot;", '"')
    settled(Result(200, OLD))
    assert page(article).count(f'href="{OLD}') == 3


def test_the_preview_sets_a_dead_link_as_the_page_does(client: Client) -> None:
    article = linked()
    make_dead()
    client.force_login(make_owner())
    typed = {"headline": "A boat", "body": f"He [said so]({OLD}) then."}
    for answer in (
        client.get(f"/desk/preview/{article.pk}/"),
        client.post(f"/desk/preview/{article.pk}/form/", typed),
        client.post("/desk/preview/", typed),
    ):
        assert f'href="{OLD}"' not in answer.text and "This link no longer works" in answer.text


def test_a_dead_link_is_among_the_checks_with_its_place() -> None:
    article = linked()
    make_dead()
    assert [
        (finding.field, finding.prevents_publishing)
        for finding in prepublish_checks.findings(article)
        if OLD in finding.problem
    ] == [("id_body", False)]
