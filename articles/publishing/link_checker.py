"""Check the links in articles: a few at a time and each site seldom, in a thread beside the worker.

A link is dead only after it has failed for days, since the site or our own network may be down. Links to this site are
looked up in the database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone

from articles.publishing.models import Article, LinkTarget
from articles.publishing.slug_redirects import redirect_target
from articles.web.safe_fetch import Failure, Network, Result, fetch

MAX_PER_ROUND = 8  # Links in one round; the worst round takes ten seconds for each.
MAX_CANDIDATES = 200  # Due links among which a round looks for different sites.
HOST_PAUSE = timedelta(minutes=1)  # Between two requests to one site: far less than a reader sends.
BACK_OFF = timedelta(days=1)  # After a 429 response.
CLAIM_TIME = timedelta(hours=1)  # How long a round's links are reserved for it; after a crash they are checked again.
# A quarter of all links dies within ten years (Pew, 2024): a month late is early enough.
CHECK_INTERVAL = timedelta(days=30)
SHORT_INTERVAL = timedelta(days=1)  # While a link fails, and for links to this site, which cost nothing.
OFFLINE_PAUSE = timedelta(hours=1)
CONFIRMED_FOR = timedelta(days=180)
TOO_MANY_REQUESTS = 429

State, Cause = LinkTarget.State, LinkTarget.Cause


# A link is dead after this many failures in a row over this time.
DEFINITE = (3, timedelta(days=3))  # The site or the name servers say that nothing is there.
TEMPORARY = (5, timedelta(days=30))  # A broken server may be repaired after its owner's holidays.
PATIENCE = {Cause.GONE: DEFINITE, Cause.NO_HOST: DEFINITE, Cause.NO_RESPONSE: TEMPORARY, Cause.SERVER_ERROR: TEMPORARY}
# Without any response, our own connection may be down.
MAY_BE_OFFLINE = {Cause.NO_HOST, Cause.NO_RESPONSE}
CAUSES = {
    Failure.NOT_PUBLIC: Cause.NOT_CHECKED,
    Failure.NO_HOST: Cause.NO_HOST,
    Failure.NO_RESPONSE: Cause.NO_RESPONSE,
    Failure.CERTIFICATE: Cause.CERTIFICATE,
    Failure.REDIRECT_LOOP: Cause.SERVER_ERROR,
}
# Fields that a check saves; the fields of a running fix are not among them.
RESULT_FIELDS = ["cause", "status", "moved_to", "checked_at", "check_requested", "failures", "failing_since"]
RESULT_FIELDS += ["state", "last_working_at", "due_at"]
ARTICLE_PATH = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/([^/]+)/?$")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check."""

    cause: LinkTarget.Cause
    status: int | None = None
    moved_to: str = ""
    again: datetime | None = None
    """When the result will change, if that is known."""


def check_due_links(network: Network | None = None) -> int:
    """Check some of the links that are due and save the results. Return how many were checked."""
    chosen = _claim()
    found = {}
    for target in chosen:
        url = target.url
        found[target] = _check_own(url) if target.is_own else classify(url, fetch(url, network))
    doubtful = {target.pk for target, outcome in found.items() if outcome.cause in MAY_BE_OFFLINE}
    if doubtful and not _is_online(found.values(), network):
        LinkTarget.objects.filter(pk__in=doubtful).update(due_at=timezone.now() + OFFLINE_PAUSE)
        found = {target: outcome for target, outcome in found.items() if target.pk not in doubtful}
    for target, outcome in found.items():
        save_result(target, outcome)
    return len(chosen)


def _claim() -> list[LinkTarget]:
    """Claim due links, at most one of each site, skipping sites that were checked just now."""
    now = timezone.now()
    busy = LinkTarget.objects.exclude(host="").filter(
        Q(checked_at__gt=now - HOST_PAUSE) | Q(status=TOO_MANY_REQUESTS, checked_at__gt=now - BACK_OFF)
    )
    due = LinkTarget.objects.due().exclude(host__in=busy.values("host")).order_by("due_at", "pk")[:MAX_CANDIDATES]
    hosts: dict[str, LinkTarget] = {}
    for target in due:
        hosts.setdefault(target.host or target.url, target)
    claimed = []
    for target in list(hosts.values())[:MAX_PER_ROUND]:
        mine = LinkTarget.objects.filter(pk=target.pk, due_at=target.due_at)
        if mine.update(due_at=now + CLAIM_TIME, checked_at=now):
            target.due_at = now + CLAIM_TIME
            claimed.append(target)
    return claimed


def _is_online(found: Iterable[CheckResult], network: Network | None) -> bool:
    """Return whether our own connection works: some site responded in this round, or a known working link does."""
    if any(outcome.status for outcome in found):
        return True
    known = LinkTarget.objects.filter(last_working_at__isnull=False).exclude(host="").order_by("-last_working_at")[:2]
    return any(fetch(target.url, network).status for target in known)


def classify(url: str, answer: Result) -> CheckResult:
    """Return the result for a response."""
    if answer.failure is not None:
        return CheckResult(CAUSES[answer.failure])
    status = answer.status
    if 200 <= status < 300:
        if _is_home(answer.url) and not _is_home(url):
            return CheckResult(Cause.HOME, status)
        moved = answer.permanent and not _is_same_page(url, answer.url)
        return CheckResult(Cause.OK, status, moved_to=answer.url if moved else "")
    if status in (404, 410):
        return CheckResult(Cause.GONE, status)
    return CheckResult(Cause.BLOCKED if 400 <= status < 500 else Cause.SERVER_ERROR, status)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _is_same_page(one: str, other: str) -> bool:
    """Return whether two URLs differ only in the scheme, “www.” and a trailing slash."""
    first, second = urlsplit(one), urlsplit(other)
    return (
        (first.hostname or "").removeprefix("www.") == (second.hostname or "").removeprefix("www.")
        and first.path.rstrip("/") == second.path.rstrip("/")
        and first.query == second.query
    )


def _check_own(url: str) -> CheckResult:
    """Check a URL of this site."""
    path = unquote(url.partition("?")[0])
    if named := ARTICLE_PATH.match(path):
        year, month, day, slug = named.groups()
        try:
            dated = date(int(year), int(month), int(day))
        except ValueError:
            return CheckResult(Cause.GONE)
        return _check_own_article(dated, slug)
    try:
        resolve(path)
    except Resolver404:
        return CheckResult(Cause.GONE)
    return CheckResult(Cause.OK)


def _check_own_article(dated: date, slug: str) -> CheckResult:
    here = Article.objects.filter(dated=dated, slug=slug)
    if here.visible_to(AnonymousUser()).exists():
        return CheckResult(Cause.OK)
    if moved := redirect_target(dated, slug):
        return CheckResult(Cause.OK, moved_to=moved.get_absolute_url())
    article = here.only("status", "go_live_at").first()
    return CheckResult(Cause.GONE, again=article.go_live_at if article and article.is_scheduled else None)


def save_result(target: LinkTarget, outcome: CheckResult) -> None:
    """Save the result of a check, and when to check again.

    The target is as it was before the check: if it was saved since, by an editor or another round, nothing is saved.
    """
    now = timezone.now()
    claimed = target.due_at
    target.cause, target.status, target.moved_to = outcome.cause, outcome.status, outcome.moved_to
    target.checked_at, target.check_requested = now, False
    if outcome.cause in PATIENCE:
        target.failures += 1
        target.failing_since = target.failing_since or now
    else:
        target.failures, target.failing_since = 0, None
    target.state = _state_of(target, now)
    if target.state in (State.WORKS, State.MOVED):
        target.last_working_at = now
    soon = target.is_own or (target.failing_since is not None and target.state != State.DEAD)
    target.due_at = now + (SHORT_INTERVAL if soon else CHECK_INTERVAL)
    if outcome.again is not None:
        target.due_at = min(target.due_at, max(outcome.again, now))
    mine = LinkTarget.objects.filter(pk=target.pk, due_at=claimed)
    mine.update(**{name: getattr(target, name) for name in RESULT_FIELDS})


def _state_of(target: LinkTarget, now: datetime) -> LinkTarget.State:
    cause = Cause(target.cause)
    if cause in PATIENCE:
        failures, time = PATIENCE[cause]
        assert target.failing_since is not None  # Set by the caller.
        over = target.failures >= failures and target.failing_since <= now - time
        return State.DEAD if over or target.is_own or target.state == State.DEAD else State.UNSURE
    if cause in (Cause.OK, Cause.CONFIRMED):
        return State.MOVED if target.moved_to else State.WORKS
    return State.UNSURE


def mark_as_working(target: LinkTarget) -> None:
    """Save an editor's decision that the link works, whatever it returns to the checker."""
    target.refresh_from_db()
    save_result(target, CheckResult(Cause.CONFIRMED))
    LinkTarget.objects.filter(pk=target.pk).update(due_at=timezone.now() + CONFIRMED_FOR)


def request_check(targets: Iterable[int]) -> int:
    """Request a check of these links now, including those of drafts. Return how many will be checked."""
    return LinkTarget.objects.filter(pk__in=list(targets)).update(due_at=timezone.now(), check_requested=True)
