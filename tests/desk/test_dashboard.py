"""The dashboard: contents, permissions and query counts."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.discussion import reporting
from articles.discussion.models import Comment, Report
from articles.publishing import revisions
from articles.publishing.companions import Companions
from articles.publishing.models import Article
from articles.topics import tagging
from tests.desk.conftest import desk_full, sign_in
from tests.factories import make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


def test_the_dashboard_shows_each_list_with_its_count_and_reasons(client: Client) -> None:
    sign_in(client, "Editor")
    desk_full(1)
    page = client.get("/admin/").content.decode()
    for words in ("Draft 0", "Held 0", "A word was lost", "Review 0", "Scheduled 0", "Waiting 0", "Nowhere 0"):
        assert words in page


def test_the_dashboard_shows_five_of_each_and_counts_all(client: Client) -> None:
    sign_in(client, "Editor")
    desk_full(7)
    lists = {one.key: one for one in client.get("/admin/").context["work_lists"]}
    assert {key: (one.count, len(one.rows)) for key, one in lists.items()} == {
        "drafts": (7, 5),
        "review": (7, 5),
        "scheduled": (7, 5),
        "held": (7, 5),
        "scheduled-changes": (0, 0),
        "waiting": (7, 5),
        "notes": (0, 0),
        "topics": (0, 0),
        "links": (14, 5),
    }
    assert lists["scheduled"].rows[0].text == "Scheduled 0"
    assert lists["drafts"].rows[0].text == "Draft 6"


def test_the_dashboard_takes_the_same_number_of_queries_however_full_it_is(client: Client) -> None:
    sign_in(client, "Editor")

    def questions() -> int:
        client.get("/admin/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/admin/")
        return len(asked)

    empty = questions()
    desk_full(6)
    assert questions() <= empty <= 37  # Four for the two lists of pictures, five for planning and charts.


def test_a_moderator_sees_reports_and_no_articles(client: Client) -> None:
    sign_in(client, "Moderator")
    lists = [one.key for one in client.get("/admin/").context["work_lists"]]
    assert {"reports", "held-comments"} <= set(lists)
    assert "links" not in lists and "topics" not in lists


def test_a_writer_sees_articles_and_no_reports(client: Client) -> None:
    sign_in(client, "Writer")
    lists = {one.key for one in client.get("/admin/").context["work_lists"]}
    assert "drafts" in lists and not lists & {"reports", "held-comments", "topics"}


def test_the_index_is_grouped_by_package(client: Client) -> None:
    client.force_login(make_reader(is_staff=True, is_superuser=True))
    rooms = [str(app["name"]) for app in client.get("/admin/").context["app_list"]]
    assert rooms[:5] == ["Publishing", "Discussion", "Topics", "Readers", "Import"]


def test_the_admin_signs_in_through_the_sites_own_page(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator", "owner"])
def test_every_link_on_the_dashboard_leads_where_its_reader_may_go(client: Client, role: str) -> None:
    """cases.md T9. The moderators' page was shut to editors, though their list of topics led there."""
    if role == "owner":
        client.force_login(make_owner())
    else:
        sign_in(client, role)
    desk_full(1)
    comment = make_comment(make_article("Discussed"))
    reporting.report_comment(comment=comment, by=make_reader(), reason=Report.Reason.OTHER, note="Look at this")
    Comment.objects.filter(pk=make_comment(comment.article).pk).update(state=Comment.State.HELD)
    tagging.tag(comment.article, "Street lighting", by=make_reader())
    links = set(re.findall(r'href="(/[^"]*)"', client.get("/admin/").text.split('id="content"')[1]))
    statuses = {link: client.get(html.unescape(link), follow=True).status_code for link in links}
    assert {link: status for link, status in statuses.items() if status != 200} == {}


def test_an_editor_sees_only_the_topics_on_the_moderators_page(client: Client) -> None:
    sign_in(client, "Editor")
    comment = make_comment(make_article("Discussed"), "What was held back.")
    Comment.objects.update(state=Comment.State.HELD)
    tagging.tag(comment.article, "Street lighting", by=make_reader())
    page = client.get("/moderation/").text
    assert "Street lighting" in page
    assert "What was held back." not in page
    assert "Held comments" not in page
    assert "Latest actions" not in page


def test_revisions_have_the_quotation_marks_of_their_article(client: Client) -> None:
    sign_in(client, "Editor")
    article = make_article("Die Flut", language="de")

    def change(text: Article) -> None:
        text.headline = 'Die "Flut"'

    revisions.propose_revision(article, by=None, reason="", change=change, companions=Companions())
    assert "Die „Flut“" in client.get("/admin/").text
