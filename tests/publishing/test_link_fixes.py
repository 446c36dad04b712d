"""A link is fixed everywhere at once, and a lost one becomes a link again."""

from contextlib import suppress

import pytest

from articles.errors import Refused
from articles.publishing import link_fixes
from articles.publishing.companions import Companions, Lost, Related
from articles.publishing.models import Article, Link, LinkTarget, LostLink, RelatedLink
from newsroom import scheduler
from tests.factories import make_article, make_owner
from tests.publishing.links import NEW, OLD, linked, only, page

pytestmark = pytest.mark.django_db


NO_ADDRESSES = ["", "nowhere", "javascript:alert(1)", "ftp://x.example/", "https://", "data:text/html,x", "//x.example"]
NO_ADDRESSES += [f"https://x.example/{rest}" for rest in ("a b", "(a)", "<a>", '"', "\u202e", "a" * 2000)]


def test_mending_one_mends_everywhere_with_a_revision_each() -> None:
    editor = make_owner()
    texts = [linked() for _ in range(3)]
    boxed = make_article(companions=Companions(related=[Related(headline="A box", url=OLD)]), source_url=OLD)
    draft = linked(f"{OLD}#part", published=False)
    done = link_fixes.replace_link(only(), to=f" {NEW} ", by=editor, reason="It has moved.")
    assert (done.done, done.skipped, done.remaining) == (5, [], 0)
    assert only().url == NEW
    for article in texts:
        assert f'href="{NEW}"' in page(article)
        last = article.revisions.first()
        assert last is not None
        assert (last.by, last.reason) == (editor, "It has moved.")
        assert last.edition == 2, "readers find the change in the history"
    boxed.refresh_from_db()
    assert boxed.source_url == NEW
    assert RelatedLink.objects.get(article=boxed).url == NEW
    draft.refresh_from_db()
    assert f"{NEW}#part" in draft.body
    assert not draft.is_public


def test_mending_to_one_of_our_own_articles_makes_the_box_lead_to_it() -> None:
    target = make_article("A boat leaves")
    boxed = make_article(companions=Companions(related=[Related(headline="A box", url=OLD)]))
    link_fixes.replace_link(only(), to=f"http://localhost:8000{target.get_absolute_url()}", by=make_owner())
    box = RelatedLink.objects.get(article=boxed)
    assert (box.target, box.url) == (target, "")


@pytest.mark.parametrize("to", NO_ADDRESSES)
def test_what_is_no_address_mends_nothing(to: str) -> None:
    article = linked()
    with pytest.raises(Refused):
        link_fixes.replace_link(only(), to=to, by=make_owner())
    assert OLD in Article.objects.get(pk=article.pk).body


def test_mending_to_where_it_leads_is_refused() -> None:
    linked()
    with pytest.raises(Refused):
        link_fixes.replace_link(only(), to=OLD, by=make_owner())


@pytest.mark.parametrize("to", [f"{OLD}#part", "https://old.example/a/b/../../a"])
def test_mending_ends_whatever_it_leads_to(to: str) -> None:
    article = linked()
    with suppress(Refused):
        link_fixes.replace_link(only(), to=to, by=make_owner())
    revisions = article.revisions.count()
    for _ in range(3):
        scheduler.run_jobs(scheduler.JOBS)
    assert article.revisions.count() == revisions <= 2
    assert not LinkTarget.objects.exclude(fix_url="").exists()


def test_two_fixes_of_the_same_link_make_one_revision() -> None:
    article = linked()
    target = only()
    link_fixes.replace_link(target, to=NEW, by=make_owner())
    target.fix_url, target.fix_last_link = NEW, Link.objects.get().pk
    assert link_fixes._fix_article(article.pk, target) is False
    assert article.revisions.count() == 2, "published, mended"


def test_an_address_of_other_letters_is_mended_as_it_is_written_in_the_page() -> None:
    article = linked()
    link_fixes.replace_link(only(), to="https://bücher.example/straße", by=make_owner())
    assert 'href="https://xn--bcher-kva.example/stra%C3%9Fe"' in page(article)


def test_a_box_that_can_not_be_mended_keeps_no_other_from_it() -> None:
    target = make_article("The target")
    companions = Companions(related=[Related(headline="A boat")])
    first, itself, last = make_article(companions=companions), target, make_article(companions=companions)
    RelatedLink.objects.create(article=itself, headline="A boat", headline_key="a boat")
    box = RelatedLink.objects.get(article=first)
    done = link_fixes.retarget_lost_boxes(box, to=target.get_absolute_url(), by=make_owner())
    assert (done.done, done.remaining) == (2, 0)
    assert [article for article, _reason in done.skipped] == [itself]
    assert RelatedLink.objects.get(article=last).target == target


def test_what_can_only_be_mended_by_hand_says_so_and_the_others_are_mended() -> None:
    linked()
    odd = make_article(body=f"[So]({OLD}), written `{OLD}`.")
    done = link_fixes.replace_link(only(), to=NEW, by=make_owner())
    assert done.done == 1
    assert [article for article, _reason in done.skipped] == [odd]
    assert "can’t be replaced automatically" in done.skipped[0][1]
    assert LinkTarget.objects.get(url=OLD).fix_url == ""


def test_more_than_a_request_can_bear_goes_on_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_fixes, "MAX_PER_REQUEST", 2)
    editor = make_owner()
    for _ in range(5):
        linked()
    done = link_fixes.replace_link(only(), to=NEW, by=editor)
    assert (done.done, done.remaining) == (2, 3)
    later = linked()
    for _ in range(3):
        scheduler.run_jobs(scheduler.JOBS)
    assert Link.objects.filter(target__url=NEW).count() == 5
    assert Link.objects.get(target__url=OLD).article == later, "what was linked since is meant as it is"
    assert LinkTarget.objects.get(url=OLD).fix_url == ""


def test_lost_words_become_a_link_again() -> None:
    article = make_article(
        body="He said so, then said more.\n\nNo more.",
        companions=Companions(lost=[Lost(words="said", block=0, occurrence=1, raw="#")]),
    )
    link_fixes.restore_lost_link(LostLink.objects.get(), to=NEW, by=make_owner())
    assert Article.objects.get().body.startswith(f"He said so, then [said]({NEW}) more.")
    assert not LostLink.objects.exists()
    assert f'href="{NEW}"' in page(article)


def test_lost_words_that_are_not_found_are_refused_and_stay_lost() -> None:
    make_article(companions=Companions(lost=[Lost(words="never there", block=0)]))
    with pytest.raises(Refused, match="can’t be restored automatically"):
        link_fixes.restore_lost_link(LostLink.objects.get(), to=NEW, by=make_owner())
    assert LostLink.objects.count() == 1


def test_a_lost_box_is_mended_with_all_of_its_headline() -> None:
    for headline in ("A Boat…", "a boat", "A ship"):
        make_article(companions=Companions(related=[Related(headline=headline)]))
    box = RelatedLink.objects.get(headline="A Boat…")
    assert link_fixes.retarget_lost_boxes(box, to=NEW, by=make_owner()).done == 2
    now = set(RelatedLink.objects.values_list("headline", "url"))
    assert now == {("A Boat…", NEW), ("a boat", NEW), ("A ship", "")}
