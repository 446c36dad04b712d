"""Versions of the community rules, and the numbered clauses that moderators' decisions cite."""

import re
from typing import NamedTuple

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Max, QuerySet
from django.utils import timezone

from articles.publishing.models import Clause, RulesVersion, SitePage

SLUG = "rules"
MAX_CLAUSES = 50  # Nobody reads more; the list in the moderators' form stays one that a person can choose from.
MAX_TITLE_LENGTH = 120  # Characters, as of the column.
CLAUSE = re.compile(r"^##[ \t]+(?P<number>[1-9][0-9]{0,3})[.)][ \t]+(?P<title>\S.*?)[ \t#]*$", re.MULTILINE | re.ASCII)
HEADING = re.compile(r"^##?[ \t]", re.MULTILINE)


class ClauseText(NamedTuple):
    number: int
    title: str
    body: str


def parse_clauses(body: str) -> list[ClauseText]:
    """Return the numbered clauses of a rules page.

    A clause begins with a heading of the second level that has a number, and ends at the next heading of the first or
    second level. Of two with one number the first counts.

    Args:
        body: Markdown.
    """
    body = body.replace("\r\n", "\n")
    found: dict[int, ClauseText] = {}
    for heading in CLAUSE.finditer(body):
        end = HEADING.search(body, heading.end())
        text = body[heading.end() : end.start() if end else None].strip()
        number, title = int(heading["number"]), heading["title"][:MAX_TITLE_LENGTH]
        found.setdefault(number, ClauseText(number, title, text))
    return [found[number] for number in sorted(found)[:MAX_CLAUSES]]


@transaction.atomic
def record_version(page: SitePage) -> RulesVersion:
    """Return the version that the rules page now is; a new one if its text differs from the latest."""
    # The page's row is the lock: two that are saved at a time must not get one number.
    SitePage.objects.select_for_update().filter(slug=SLUG).first()
    latest = RulesVersion.objects.order_by("-number").first()
    if latest is not None and (latest.title, latest.body) == (page.title, page.body):
        return latest
    number = (latest.number if latest else 0) + 1
    version = RulesVersion.objects.create(number=number, published_at=timezone.now(), title=page.title, body=page.body)
    Clause.objects.bulk_create(Clause(version=version, **clause._asdict()) for clause in parse_clauses(page.body))
    return version


def current_clauses() -> "QuerySet[Clause]":
    """Return the clauses of the latest version, in order. None for rules without numbered headings."""
    latest = RulesVersion.objects.aggregate(latest=Max("number"))["latest"]
    return Clause.objects.filter(version__number=latest).select_related("version").order_by("number")


def record_current_version(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make a version of the page as it reads now, unless the latest reads so. For migrations."""
    database = schema_editor.connection.alias
    page = apps.get_model("articles", "SitePage").objects.using(database).filter(slug=SLUG).first()
    versions = apps.get_model("articles", "RulesVersion").objects.using(database)
    latest = versions.order_by("-number").first()
    if page is None or (latest and (latest.title, latest.body) == (page.title, page.body)):
        return
    number = latest.number + 1 if latest else 1
    version = versions.create(number=number, published_at=timezone.now(), title=page.title, body=page.body)
    clauses = apps.get_model("articles", "Clause").objects.using(database)
    for clause in parse_clauses(page.body):
        clauses.create(version=version, **clause._asdict())
