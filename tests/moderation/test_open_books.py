"""The public log, the monthly counts and the export: what happened, without words or names."""

import csv
import json
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.discussion import bulk_moderation, closing, moderating, picking, reporting, sanctions
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, ModerationAction
from articles.moderation import appeals, monthly_counts, notices, public_log
from articles.moderation.statement_export import statements
from articles.publishing import publishing
from articles.publishing.community_rules import current_clauses
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


def rule(number: int = 1) -> Grounds:
    return Grounds(clause=current_clauses().get(number=number), facts="He wrote “xyzzy”.")


def test_the_log_tells_what_happened_without_words_or_names(client: Client) -> None:
    comment = make_comment(make_article("Harbour walls"), "xyzzy", author=make_reader("Ada"))
    owner = make_owner("Mod")
    moderating.hide(comment=comment, by=owner, grounds=rule(), reason="Ada wrote xyzzy")
    sanctions.suspend(reader=make_reader("Bea"), by=owner, grounds=rule(6), reason="xyzzy", days=3)
    sanctions.ban(reader=make_reader("Cem"), by=owner, grounds=Grounds(law="On xyzzy"), reason="xyzzy")
    for url in (reverse("moderation_log"), reverse("moderation_log_feed")):
        page = client.get(url).text
        for said in (
            "1 comment hidden",
            "1. Be fair",
            "Reader suspended from commenting for 3 days",
            "6. No advertising",
            "Reader banned with no end date",
            "The law",
        ):
            assert said in page, (url, said)
        for secret in ("xyzzy", "Ada", "Bea", "Cem", "Mod<", f"/comments/{comment.pk}/"):
            assert secret not in page, (url, secret)
    assert "Harbour walls" in client.get(reverse("moderation_log")).text


def test_the_log_names_no_article_that_is_not_public(client: Client) -> None:
    article = make_article("A secret headline")
    comment = make_comment(article)
    moderating.hide(comment=comment, by=make_owner(), grounds=rule(), reason="No")
    closing.close_discussion(article=article, by=make_owner(), reason="Quiet")
    publishing.withdraw(article, by=make_owner(), reason="Wrong")
    page = client.get(reverse("moderation_log")).text
    assert "1 comment hidden" in page and "Discussion closed" in page and "A secret headline" not in page


def test_the_log_leaves_out_what_is_no_restriction(client: Client) -> None:
    comment = make_comment()
    picking.pick(comment=comment, by=make_owner(), reason="Good")
    assert "No actions yet." in client.get(reverse("moderation_log")).text


def test_the_log_forgets_after_two_years(client: Client) -> None:
    moderating.hide(comment=make_comment(), by=make_owner(), grounds=rule(), reason="No")
    ModerationAction.objects.update(created_at=timezone.now() - public_log.RETENTION)
    assert "No actions yet." in client.get(reverse("moderation_log")).text


def test_the_log_shows_what_became_of_an_appeal(client: Client) -> None:
    first, second = make_reader(permissions=["articles.change_comment"]), make_owner()
    for upheld in (True, False):
        comment = make_comment()
        action = moderating.hide(comment=comment, by=first, grounds=rule(), reason="No")
        appeal = appeals.make_appeal(action=action, by=author_of(comment), text="It isn’t")
        appeals.decide_appeal(appeal=appeal, by=second, upheld=upheld, reason="Looked again")
    page = client.get(reverse("moderation_log")).text
    assert "Appealed and overturned" in page and "Appealed and confirmed" in page
    assert "Appeal upheld" in page and "Appeal rejected" in page


def test_a_bulk_operation_is_one_line(client: Client) -> None:
    comments = [make_comment().pk for _ in range(4)]
    bulk_moderation.hide_comments(comments=comments, by=make_owner(), grounds=rule(6), reason="Advertising")
    page = client.get(reverse("moderation_log")).text
    assert "4 comments hidden" in page and "1 comment hidden" not in page


def test_the_log_has_pages(client: Client) -> None:
    owner = make_owner()
    comment = make_comment()
    ModerationAction.objects.bulk_create(
        ModerationAction(action="restore", by=owner, reason="x", comment=comment) for _ in range(45)
    )
    assert client.get(reverse("moderation_log")).text.count("1 comment restored") == 40
    assert client.get(reverse("moderation_log"), {"page": 2}).text.count("1 comment restored") == 5
    assert client.get(reverse("moderation_log"), {"page": 3}).status_code == 404


def test_a_month_is_counted(client: Client) -> None:
    owner = make_owner()
    reported, noticed, own, held = (make_comment() for _ in range(4))
    reporting.report_comment(comment=reported, by=make_reader(), reason="spam")
    sender = notices.Sender(name="Ida", email="ida@reed.example")
    places = notices.find_places(noticed.get_absolute_url())
    notices.give_notice(places=places, sender=sender, explanation="Libel", good_faith=True)
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    for comment in (reported, noticed, own, held):
        moderating.hide(comment=comment, by=owner, grounds=rule(), reason="No")
    moderating.restore(comment=own, by=owner, reason="A slip")
    sanctions.warn(comment=own, by=owner, grounds=rule(), reason="Careful")
    month = monthly_counts.counts_of(timezone.localdate().replace(day=1))
    assert {figure.name: figure.value for figure in month.figures} == {
        "comments": 4,
        "hidden": 4,
        "hidden_own": 1,
        "hidden_reports": 1,
        "hidden_notices": 1,
        "hidden_rules": 1,
        "restored": 1,
        "warnings": 1,
        "suspensions": 0,
        "bans": 0,
        "reports": 1,
        "reports_upheld": 1,
        "notices": 1,
        "notices_upheld": 1,
        "notice_suspensions": 0,
        "notice_hours": 1,
        "appeals": 0,
        "appeals_upheld": 0,
        "appeal_hours": 0,
        "found_by_program": 1,
        "decided_by_program": 0,
        "overturned": 1,
    }
    page = client.get(reverse("moderation_counts")).text
    assert "Hidden after a notice" in page and "<svg" in page
    rows = list(csv.reader(StringIO(client.get(reverse("moderation_counts_csv")).text)))
    assert rows[0][:3] == ["month", "comments", "hidden"] and rows[1][1:3] == ["4", "4"]


def test_months_begin_and_end_in_the_sites_time_zone() -> None:
    moderating.hide(comment=make_comment(), by=make_owner(), grounds=rule(), reason="No")
    zone = ZoneInfo(timezone.get_current_timezone_name())
    ModerationAction.objects.update(created_at=datetime(2026, 3, 31, 23, 59, tzinfo=zone))
    assert monthly_counts.counts_of(date(2026, 3, 1)).value_of("hidden") == 1
    assert monthly_counts.counts_of(date(2026, 4, 1)).value_of("hidden") == 0


def test_statements_have_the_form_of_the_transparency_database() -> None:
    comment = make_comment(body="xyzzy", author=make_reader("Ada"))
    by_rule = moderating.hide(comment=comment, by=make_owner("Mod"), grounds=rule(), reason="An insult")
    by_law = sanctions.ban(reader=make_reader("Bea"), by=make_owner(), grounds=GROUNDS, reason="Threats", days=7)
    sanctions.warn(comment=make_comment(), by=make_owner(), grounds=rule(), reason="Careful")  # Restricts nothing.
    today = timezone.localdate()
    out = StringIO()
    call_command("statements", "--from", f"{today}", "--to", f"{today}", stdout=out)
    hide, ban = json.loads(out.getvalue())["statements"]
    assert hide["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_DISABLED"]
    assert hide["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    assert hide["incompatible_content_ground"] == "1. Be fair"
    assert hide["decision_ground_reference_url"].endswith("/rules/versions/1/")
    assert (hide["automated_detection"], hide["source_type"]) == ("No", "SOURCE_VOLUNTARY")
    assert ban["decision_account"] == "DECISION_ACCOUNT_SUSPENDED" and by_law.ends_at is not None
    assert ban["end_date_account_restriction"] == timezone.localtime(by_law.ends_at).date().isoformat()
    assert (ban["decision_ground"], ban["illegal_content_legal_ground"]) == (
        "DECISION_GROUND_ILLEGAL_CONTENT",
        GROUNDS.law,
    )
    for fields, action in ((hide, by_rule), (ban, by_law)):
        assert fields["puid"].endswith(f"-{action.pk}") and fields["puid"].replace("-", "").isalnum()
        assert len(fields["territorial_scope"]) == 27
        assert not {"Ada", "Bea", "Mod"} & set(json.dumps(fields).replace('"', " ").split())
    assert list(statements(today + timedelta(days=1), today + timedelta(days=1))) == []


def test_the_export_refuses_what_is_no_date() -> None:
    with pytest.raises(CommandError, match="yesterday is not a date such as"):
        call_command("statements", "--from", "yesterday", "--to", "2026-11-30")
