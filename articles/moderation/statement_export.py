"""Statements of reasons in the form of the EU's transparency database, for publications that have to send them.

Field names and values are those of its API at https://transparency.dsa.ec.europa.eu/page/api-documentation, read in
November 2026. Nothing personal is in them: no name, no comment, no complaint.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.discussion.models import ModerationAction

LAW, RULE = "DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"
MAX_GROUND, MAX_EXPLANATION, MAX_FACTS = 500, 2_000, 5_000  # Characters, as the API allows.
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()

Action = ModerationAction.Action
Source = ModerationAction.Source

RESTRICTIONS: dict[str, dict[str, Any]] = {
    Action.HIDE: {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"]},
    Action.SUSPEND: {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"},
    Action.BAN: {"decision_account": "DECISION_ACCOUNT_SUSPENDED"},
}
"""A warning restricts nothing, so it needs no statement."""


def statements(since: date, until: date) -> Iterator[dict[str, Any]]:
    """Yield the statements of decisions from `since` to `until`, both included, oldest first."""
    actions = ModerationAction.objects.filter(
        action__in=RESTRICTIONS, created_at__date__gte=since, created_at__date__lte=until
    )
    for action in actions.select_related("clause__version", "comment__article").order_by("pk").iterator():
        yield statement(action)


def statement(action: ModerationAction) -> dict[str, Any]:
    """Return one statement."""
    ends = {
        Action.SUSPEND: "end_date_service_restriction",
        Action.BAN: "end_date_account_restriction",
    }.get(Action(action.action))
    fields = {
        **RESTRICTIONS[action.action],
        **_ground(action),
        "decision_facts": (action.facts or action.reason)[:MAX_FACTS],
        "category": "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"
        if action.law
        else "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        "territorial_scope": EU,
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": _day(action.comment.posted_at if action.comment else action.created_at),
        "application_date": _day(action.created_at),
        "source_type": "SOURCE_ARTICLE_16"
        if action.source == Source.NOTICE
        else "SOURCE_TYPE_OTHER_NOTIFICATION"
        if action.source == Source.REPORT
        else "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if action.found_by_program else "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": f"{settings.SITE_ADDRESS.rpartition('/')[2].replace('.', '-').replace(':', '-')}-{action.pk}",
    }
    if action.comment:
        fields["content_language"] = action.comment.article.language.upper()[:2]
    if ends and action.ends_at:
        fields[ends] = _day(action.ends_at)
    return fields


def _ground(action: ModerationAction) -> dict[str, str]:
    if action.law:
        return {
            "decision_ground": LAW,
            "illegal_content_legal_ground": action.law[:MAX_GROUND],
            "illegal_content_explanation": action.reason[:MAX_EXPLANATION],
        }
    version = action.clause.version.number if action.clause else 0
    return {
        "decision_ground": RULE,
        "incompatible_content_ground": str(action.clause or "")[:MAX_GROUND],
        "incompatible_content_explanation": action.reason[:MAX_EXPLANATION],
        "decision_ground_reference_url": f"{settings.SITE_ADDRESS}/rules/versions/{version}/" if version else "",
    }


def _day(moment: Any) -> str:
    return timezone.localtime(moment).date().isoformat()
