"""Ask where the links of the paper lead: a few at a time, each site seldom, by a thread beside the worker.

A link is dead only after it has failed for days, since a site may be down or we may be; own addresses are looked up.
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

from articles.publishing import link_index
from articles.publishing.models import Article, LinkTarget
from articles.publishing.slug_redirects import moved_article
from articles.web.safe_fetch import Failure, Network, Result, check_url

AT_ONCE = 8  # Addresses asked in one round; the worst round takes as many times ten seconds.
READ = 200  # Due addresses among which a round finds some of different sites.
PAUSE = timedelta(minutes=1)  # Between two questions to one site: less than a reader asks of it.
BACK_OFF = timedelta(days=1)  # After a site has said that we ask too much.
CLAIMED = timedelta(hours=1)  # For which a round's addresses are left to it; a round that died is asked again then.
AGAIN = timedelta(days=30)  # A quarter of all links dies within ten years (Pew, 2024): a month late is early enough.
SOON = timedelta(days=1)  # While it fails, and of our own addresses, which cost nothing.
OFFLINE = timedelta(hours=1)
VOUCHED_FOR = timedelta(days=180)
TOO_MUCH = 429

State, Cause = LinkTarget.State, LinkTarget.Cause


@dataclass(frozen=True, slots=True)
class Patience:
    """A link is dead after so many failures in a row, over so long a time."""

    failures: int
    time: timedelta


CLEAR = Patience(3, timedelta(days=3))  # The site itself, or the name servers, say that nothing is there.
DOUBTFUL = Patience(5, timedelta(days=30))  # A server that is in trouble may come back after its people's holidays.
FAILS = {Cause.GONE: CLEAR, Cause.NO_HOST: CLEAR, Cause.SILENT: DOUBTFUL, Cause.BROKEN: DOUBTFUL}
# Where nobody answered, it may be our own line.
MAY_BE_US = {Cause.NO_HOST, Cause.SILENT}
CAUSES = {
    Failure.NOT_PUBLIC: Cause.NOT_ASKED,
    Failure.NO_HOST: Cause.NO_HOST,
    Failure.NO_RESPONSE: Cause.SILENT,
    Failure.CERTIFICATE: Cause.CERTIFICATE,
    Failure.REDIRECT_LOOP: Cause.BROKEN,
}
# Not what is being mended meanwhile.
SETTLED = [
    "cause",
    "status",
    "moved_to",
    "asked_at",
    "by_hand",
    "failures",
    "failing_since",
    "state",
    "good_at",
    "due_at",
]
ARTICLE_PATH = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/([^/]+)/?$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one address is now."""

    cause: LinkTarget.Cause
    status: int | None = None
    moved_to: str = ""
    again: datetime | None = None
    """When it will be another thing, where that is known."""


def ask_due(network: Network | None = None) -> int:
    """Ask some of the addresses that are due, and keep what they are. Gives how many were asked."""
    chosen = _claim()
    found = {target: _look_up(target.url) if target.is_own else _asked(target.url, network) for target in chosen}
    doubtful = {target for target, outcome in found.items() if outcome.cause in MAY_BE_US}
    if doubtful and not _somebody_answers(found.values(), network):
        LinkTarget.objects.filter(pk__in=[target.pk for target in doubtful]).update(due_at=timezone.now() + OFFLINE)
        found = {target: outcome for target, outcome in found.items() if target not in doubtful}
    for target, outcome in found.items():
        settle(target, outcome)
    return len(chosen)


def _claim() -> list[LinkTarget]:
    """Addresses that are due, one of each site that was not asked just now; nobody else asks them meanwhile."""
    now = timezone.now()
    busy = LinkTarget.objects.exclude(host="").filter(
        Q(asked_at__gt=now - PAUSE) | Q(status=TOO_MUCH, asked_at__gt=now - BACK_OFF)
    )
    due = LinkTarget.objects.due().exclude(host__in=busy.values("host")).order_by("due_at", "pk")[:READ]
    hosts: dict[str, LinkTarget] = {}
    for target in due:
        hosts.setdefault(target.host or target.url, target)
    chosen = list(hosts.values())[:AT_ONCE]
    claimed = []
    for target in chosen:
        mine = LinkTarget.objects.filter(pk=target.pk, due_at=target.due_at)
        if mine.update(due_at=now + CLAIMED, asked_at=now):
            target.due_at = now + CLAIMED
            claimed.append(target)
    return claimed


def _somebody_answers(found: Iterable[Outcome], network: Network | None) -> bool:
    """Whether our own line works: somebody answered in this round, or does who did before."""
    if any(outcome.status for outcome in found):
        return True
    known = LinkTarget.objects.filter(good_at__isnull=False).exclude(host="").order_by("-good_at")[:2]
    return any(check_url(target.url, network).status for target in known)


def _asked(url: str, network: Network | None) -> Outcome:
    return judge(url, check_url(url, network))


def judge(url: str, answer: Result) -> Outcome:
    """What an answer says of the address that was asked."""
    if answer.failure is not None:
        return Outcome(CAUSES[answer.failure])
    status = answer.status
    if 200 <= status < 300:
        if _is_home(answer.url) and not _is_home(url):
            return Outcome(Cause.HOME, status)
        moved = answer.permanent and not _is_same(url, answer.url)
        return Outcome(Cause.FINE, status, moved_to=answer.url if moved else "")
    if status in (404, 410):
        return Outcome(Cause.GONE, status)
    return Outcome(Cause.CLOSED if 400 <= status < 500 else Cause.BROKEN, status)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _is_same(one: str, other: str) -> bool:
    """But for the scheme, “www.” and a last slash: what moved only so far works as well as before."""
    first, second = urlsplit(one), urlsplit(other)
    return (
        (first.hostname or "").removeprefix("www.") == (second.hostname or "").removeprefix("www.")
        and first.path.rstrip("/") == second.path.rstrip("/")
        and first.query == second.query
    )


def _look_up(url: str) -> Outcome:
    """Of the paper itself."""
    path = unquote(url.partition("?")[0])
    if named := ARTICLE_PATH.match(path):
        year, month, day, slug = named.groups()
        try:
            dated = date(int(year), int(month), int(day))
        except ValueError:
            return Outcome(Cause.GONE)
        return _look_up_article(dated, slug)
    try:
        resolve(path)
    except Resolver404:
        return Outcome(Cause.GONE)
    return Outcome(Cause.FINE)


def _look_up_article(dated: date, slug: str) -> Outcome:
    here = Article.objects.filter(dated=dated, slug=slug)
    if here.visible_to(AnonymousUser()).exists():
        return Outcome(Cause.FINE)
    if moved := moved_article(dated, slug):
        return Outcome(Cause.FINE, moved_to=moved.get_absolute_url())
    article = here.only("status", "go_live_at").first()
    return Outcome(Cause.GONE, again=article.go_live_at if article and article.is_scheduled else None)


def settle(target: LinkTarget, outcome: Outcome) -> None:
    """Keep what an address is, and when to ask again.

    Args:
        target: As it was when it was asked. If somebody has decided on it since, their word holds.
        outcome: What came of it.
    """
    now = timezone.now()
    before, claimed = target.state, target.due_at
    target.cause, target.status, target.moved_to = outcome.cause, outcome.status, outcome.moved_to
    target.asked_at, target.by_hand = now, False
    if outcome.cause in FAILS:
        target.failures += 1
        target.failing_since = target.failing_since or now
    else:
        target.failures, target.failing_since = 0, None
    target.state = _state_of(target, now)
    if target.state in (State.WORKS, State.MOVED):
        target.good_at = now
    soon = target.is_own or (target.failing_since is not None and target.state != State.DEAD)
    target.due_at = now + (SOON if soon else AGAIN)
    if outcome.again is not None:
        target.due_at = min(target.due_at, max(outcome.again, now))
    mine = LinkTarget.objects.filter(pk=target.pk, due_at=claimed)
    # Not in one transaction with the pages: a save locks its article first, and then its links' targets.
    if mine.update(**{name: getattr(target, name) for name in SETTLED}) and before != target.state:
        link_index.pages_changed(target)


def _state_of(target: LinkTarget, now: datetime) -> LinkTarget.State:
    cause = Cause(target.cause)
    if cause in FAILS:
        patience = FAILS[cause]
        assert target.failing_since is not None  # Set just before.
        over = target.failures >= patience.failures and target.failing_since <= now - patience.time
        return State.DEAD if over or target.is_own or target.state == State.DEAD else State.UNSURE
    if cause in (Cause.FINE, Cause.VOUCHED):
        return State.MOVED if target.moved_to else State.WORKS
    return State.UNSURE


def vouch(target: LinkTarget) -> None:
    """An editor has seen that it works, whatever it answers us."""
    target.refresh_from_db()
    settle(target, Outcome(Cause.VOUCHED))
    LinkTarget.objects.filter(pk=target.pk).update(due_at=timezone.now() + VOUCHED_FOR)


def ask_soon(targets: Iterable[int]) -> int:
    """An editor wants to know: also of a draft's links. Gives how many will be asked within a minute or so."""
    return LinkTarget.objects.filter(pk__in=list(targets)).update(due_at=timezone.now(), by_hand=True)
