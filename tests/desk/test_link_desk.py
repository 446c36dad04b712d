"""The link desk: links by state, and fixes by those who may publish."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing.companions import Companions, Lost, Related
from articles.publishing.models import Article, LinkTarget, LostLink, RelatedLink
from tests.desk.conftest import of_group
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/linktarget/"
OLD, NEW = "https://old.example/a", "https://elsewhere.example/b"
STATES = {"dead": "gone", "moved": "ok", "unsure": "blocked", "new": "", "works": "ok"}


def linked(url: str = OLD, state: str = "dead", **fields: object) -> Article:
    article = make_article(body=f"He [said so]({url}) then.", **fields)  # type: ignore[arg-type]
    LinkTarget.objects.filter(url=url).update(
        state=state, cause=STATES[state], moved_to=NEW if state == "moved" else ""
    )
    return article


def target_url(target: LinkTarget) -> str:
    return reverse("admin:articles_linktarget_change", args=[target.pk])


def of_every_state() -> None:
    for state in STATES:
        linked(f"https://{state}.example/", state)
    beside = Companions(lost=[Lost(words="first", block=0)], related=[Related(headline="A lost box")])
    make_article(companions=beside)


def test_each_state_lists_its_links_and_the_first_with_any_opens(client: Client, editor: User) -> None:
    of_every_state()
    for state in STATES:
        page = client.get(DESK, {"state": state}).content.decode()
        shown = [other for other in STATES if f"https://{other}.example/" in page]
        assert shown == [state]
    page = client.get(DESK, {"state": "missing"}).content.decode()
    assert "first" in page and "A lost box" in page
    assert "https://dead.example/" in client.get(DESK).content.decode()
    LinkTarget.objects.filter(state="dead").update(state="works")
    assert "A lost box" in client.get(DESK).content.decode()


def test_links_are_found_by_url_and_by_article(client: Client, editor: User) -> None:
    one = linked("https://one.example/", "works")
    linked("https://two.example/", "works")
    for query in ("q=ONE.ex", f"article={one.pk}"):
        page = client.get(f"{DESK}?state=works&{query}").content.decode()
        assert "https://one.example/" in page and "https://two.example/" not in page
    assert "Links: Working · “one.ex” |" in client.get(f"{DESK}?state=works&q=one.ex").content.decode()
    assert client.get(DESK, {"article": 0}).status_code in (200, 404)
    assert client.get(DESK, {"article": 99999}).status_code == 404


def test_odd_queries_get_a_response(client: Client, editor: User) -> None:
    of_every_state()
    for query in ("page=0", "page=x", "page=99999", "page=7", "state=nonsense", "article=x", "q=%00"):
        assert client.get(f"{DESK}?{query}").status_code in (200, 404), query


def test_pages_of_fifty_list_lost_boxes_and_then_lost_links(client: Client, editor: User) -> None:
    for number in range(6):
        boxes = [Related(headline=f"Box {number} {box}") for box in range(5)]
        make_article(companions=Companions(lost=[Lost(words="first", block=0)] * 5, related=boxes))
    first = client.get(DESK, {"state": "missing"}).context["page"]
    second = client.get(f"{DESK}?state=missing&page=2").context["page"]
    assert (len(first.items), first.next_number, len(second.items), second.next_number) == (50, 2, 10, 0)
    urls = [row.url for row in first.items + second.items]
    assert len(set(urls)) == 60


@pytest.mark.parametrize("heap", ["works", "missing"])
def test_the_list_takes_the_same_number_of_queries_however_long_it_is(client: Client, editor: User, heap: str) -> None:
    def questions() -> int:
        client.get(DESK, {"state": heap})
        with CaptureQueriesContext(connection) as asked:
            client.get(DESK, {"state": heap})
        return len(asked)

    of_every_state()
    few = questions()
    for number in range(5):
        linked(f"https://works.example/{number}", "works")
        make_article(companions=Companions(related=[Related(headline=f"Box {number}")]))
    assert questions() == few <= 12


def test_a_links_page_shows_its_state_and_its_articles(client: Client, editor: User) -> None:
    article = linked()
    since = timezone.now() - timedelta(days=9)
    LinkTarget.objects.update(status=404, failing_since=since, failures=5, last_working_at=since)
    page = client.get(target_url(LinkTarget.objects.get())).content.decode()
    for words in ("The page doesn’t exist.", "HTTP status 404.", "(5 checks)", article.headline, "said so"):
        assert words in page


def test_an_editor_replaces_a_link_everywhere(client: Client, editor: User) -> None:
    articles = [linked() for _ in range(2)]
    check_requested = make_article(body=f"[So]({OLD}), written `{OLD}`.")
    target = LinkTarget.objects.get()
    answer = client.post(target_url(target), {"address": NEW, "reason": "Moved"}, follow=True)
    page = answer.content.decode()
    assert "Fixed in 2 articles." in page
    assert f"{check_requested.headline}: " in page
    for article in articles:
        article.refresh_from_db()
        assert NEW in article.body
        revision = article.revisions.first()
        assert revision is not None and (revision.by, revision.reason) == (editor, "Moved")


def test_a_link_replaced_everywhere_leaves_the_list(client: Client, editor: User) -> None:
    linked()
    answer = client.post(target_url(LinkTarget.objects.get()), {"address": NEW}, follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, DESK)
    assert "Fixed in 1 article." in answer.text


def test_the_new_url_of_a_moved_link_is_proposed(client: Client, editor: User) -> None:
    linked(state="moved")
    assert f'value="{NEW}"' in client.get(target_url(LinkTarget.objects.get())).content.decode()


def test_a_bad_url_comes_back_as_typed(client: Client, editor: User) -> None:
    linked()
    answer = client.post(target_url(LinkTarget.objects.get()), {"address": "no address", "reason": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Error:" in page
    assert 'value="no address"' in page and 'value="Mine"' in page and 'aria-invalid="true"' in page


def test_an_editor_marks_a_link_as_working_and_checks_it_again(client: Client, editor: User) -> None:
    linked()
    target = LinkTarget.objects.get()
    client.post(target_url(target), {"_mark_working": "1", "address": ""})
    assert LinkTarget.objects.get().state == "works"
    client.post(target_url(target), {"_check": "1", "address": ""})
    assert LinkTarget.objects.get().check_requested


def test_lost_links_and_boxes_are_fixed_on_their_pages(client: Client, editor: User) -> None:
    of_every_state()
    words = reverse("admin:articles_link_lost", args=[LostLink.objects.get().pk])
    box = reverse("admin:articles_link_box", args=[RelatedLink.objects.get().pk])
    for page in (words, box):
        assert client.get(page).status_code == 200
        assert client.post(page, {"address": "nothing"}).status_code == 422
        assert client.post(page, {"address": NEW}).status_code == 302
        assert client.get(page).status_code == 404, "it is lost no more"
    assert RelatedLink.objects.get().url == NEW
    assert not LostLink.objects.exists()
    assert Article.objects.filter(body__contains=f"[first]({NEW})").count() == 1


def test_a_writer_can_have_all_links_of_a_draft_checked(client: Client, writer: User) -> None:
    draft = linked(state="new", published=False)
    LinkTarget.objects.update(due_at=timezone.now() + timedelta(days=9))
    assert not LinkTarget.objects.due().exists()
    assert client.post(f"{DESK}?article={draft.pk}").status_code == 302
    assert LinkTarget.objects.due().count() == 1


def test_a_writer_sees_links_and_cannot_fix_them(client: Client, writer: User) -> None:
    article = linked()
    of_every_state()
    target = LinkTarget.objects.get(url=OLD)
    pages = [
        target_url(target),
        reverse("admin:articles_link_lost", args=[LostLink.objects.get().pk]),
        reverse("admin:articles_link_box", args=[RelatedLink.objects.get().pk]),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert 'name="address"' not in answer.content.decode()
        for form in ({"address": NEW}, {"_mark_working": "1"}, {"_check": "1"}):
            assert client.post(page, form).status_code == 403
    assert client.post(f"{DESK}?article={article.pk}").status_code == 403, "readers see it: an editor's to ask"
    article.refresh_from_db()
    assert OLD in article.body
    assert LinkTarget.objects.get(url=OLD).state == "dead"


@pytest.mark.parametrize("group", ["Moderator", ""])
def test_no_one_else_sees_the_links(client: Client, group: str) -> None:
    linked()
    client.force_login(of_group(group) if group else make_reader())
    for page in (DESK, target_url(LinkTarget.objects.get()), f"{DESK}add/"):
        assert client.get(page).status_code in (302, 403, 404)


def test_the_admins_own_pages_for_adding_and_deleting_are_closed(client: Client, editor: User) -> None:
    linked()
    assert client.get(f"{DESK}add/").status_code == 403
    assert client.post(f"{DESK}{LinkTarget.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{DESK}nonsense/change/").status_code == 404
    assert LinkTarget.objects.exists()


def test_hostile_urls_are_harmless_on_the_desk(client: Client, editor: User) -> None:
    make_article(source_url='https://x.example/"><script>alert(1)</script>')
    page = client.get(DESK, {"q": '"><script>alert(2)</script>', "state": "new"}).content.decode()
    page += client.get(DESK, {"state": "new"}).content.decode()
    for target in LinkTarget.objects.all():
        page += client.get(target_url(target)).content.decode()
    assert "<script>alert" not in page
