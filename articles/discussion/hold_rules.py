"""The rules that hold comments for moderators: each a small function, a switch, and figures that show its error.

A rule only holds: a person decides. One whose holds are overturned too often stops holding by itself, and flags.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from textwrap import shorten
from typing import Any, NamedTuple

from allauth.usersessions.models import UserSession
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.accounts import spam_prevention
from articles.accounts.models import User
from articles.accounts.trust import MEMBER_AGE, Standing, standing
from articles.discussion import comment_classifier, watched_words
from articles.discussion.models import Comment, HoldRule, ModerationAction, Report, WatchedWord
from articles.errors import Refused
from articles.publishing.community_rules import current_clauses
from articles.publishing.models import Article
from articles.web.prepared_query import Parameter, PreparedQuery

NEWCOMERS_FROM = 50  # Members: a smaller publication knows its readers, and its editors read every comment anyway.
NEWCOMER_COMMENTS = 2  # Published ones after which a commenter is no newcomer.
MAX_LINKS = 2  # Of a commenter who isn't trusted: one source and one more.
REJECTED_SHARE = 0.3  # Of a commenter's comments of the last week that moderators hid.
REJECTED_WITHIN = timedelta(days=7)
REJECTED_MIN = 3  # Comments in that week: one hidden of two says little.
HEATED_OF = 20  # Latest replies of a thread, as many as one reads at a sitting.
HEATED_FROM = 4  # Of these within the last hour, reported or hidden: one in five. One or two are an ordinary quarrel.
HEATED_WITHIN = timedelta(hours=1)
SLOW_MODE = timedelta(minutes=10)  # Between two comments of one commenter in a heated thread: time to calm down.
NIGHT = (time(23), time(7))  # In the site's time zone, when most moderators sleep.
CROWD = 3  # New accounts that comment on one article from one network within a day: more than a couple who joined.
CROWD_WITHIN = timedelta(days=1)
CROWD_AMONG = 100  # Latest comments of the article that are looked at.

FIGURES_OVER = timedelta(days=30)
MAX_OVERTURNED = 0.3  # Share of a rule's decided holds that moderators approved after all.
MIN_DECIDED = 20  # Holds before that share says anything.

CLAUSE_SHOWN = 60  # Characters of a rule's title to an author: the reason has to fit its column.

MEDIAN_OF = 50  # Latest approvals from which the waiting time is told.

LINK = re.compile(r"\]\(|(?<!\]\()(?:https?://|(?<![/\w])www\.)", re.IGNORECASE)  # Of Markdown, or bare.

Mode = HoldRule.Mode


@dataclass(frozen=True)
class Draft:
    """A comment before it is posted or saved."""

    author: User
    text: str
    article: Article | None = None
    parent: Comment | None = None
    at: datetime = field(default_factory=timezone.now)

    @cached_property
    def word(self) -> watched_words.Match | None:
        return watched_words.find_among(self.tokens)

    @cached_property
    def tokens(self) -> list[str]:
        return watched_words.tokens_of(self.text)

    @cached_property
    def classified(self) -> "Classified":
        """What the site's own classifier says. One query."""
        models = comment_classifier.models()
        return Classified(models, comment_classifier.features_of(self.tokens) if models else set())

    @cached_property
    def record(self) -> "Record":
        """What the author's earlier comments say about them. One query."""
        return Record._make(_RECORD.rows(author=self.author.pk, since=timezone.now() - REJECTED_WITHIN)[0])


class Classified(NamedTuple):
    models: list[comment_classifier.Model]
    features: set[int]

    @property
    def risk(self) -> int:
        return comment_classifier.risk(self.models, self.features)


class Record(NamedTuple):
    established: bool
    """Whether enough comments are published that they are no newcomer."""
    recent: int
    """Comments within `REJECTED_WITHIN`."""
    recent_hidden: int


def _record() -> "QuerySet[User, tuple[Any, ...]]":
    own = Comment.objects.filter(author=OuterRef("pk"))
    recent = own.filter(posted_at__gt=Parameter("since", DateTimeField())).order_by().values("author")
    enough = own.public().order_by("posted_at").values("pk")[NEWCOMER_COMMENTS - 1 : NEWCOMER_COMMENTS]
    hidden = Count("pk", filter=Q(state=Comment.State.HIDDEN))
    return User.objects.filter(pk=Parameter("author")).values_list(
        Exists(enough),
        Coalesce(Subquery(recent.annotate(number=Count("pk")).values("number")), 0),
        Coalesce(Subquery(recent.annotate(number=hidden).values("number")), 0),
    )


_RECORD = PreparedQuery(_record)
_MODES = PreparedQuery(lambda: HoldRule.objects.values_list("name", "mode"))


_LATEST_REPLIES = PreparedQuery(
    lambda: (
        Comment.objects.filter(article=Parameter("article"), root=Parameter("root"))
        .order_by("-pk")
        .values_list("author", "posted_at", "state", "report_count")[:HEATED_OF]
    )
)


def _sessions_of_new() -> "QuerySet[UserSession, tuple[int, str]]":
    """Return the sessions of new accounts that have commented on the article lately, and of the author."""
    latest = Comment.objects.filter(article=Parameter("article"), state=Comment.State.VISIBLE).order_by("-pk")
    new = Comment.objects.filter(
        pk__in=latest.values("pk")[:CROWD_AMONG],
        posted_at__gt=Parameter("after", DateTimeField()),
        author__date_joined__gt=Parameter("joined", DateTimeField()),
    )
    sessions = UserSession.objects.filter(Q(user=Parameter("author")) | Q(user__in=new.values("author")))
    pairs: QuerySet[UserSession, tuple[int, str]] = sessions.values_list("user", "ip")
    return pairs


_SESSIONS_OF_NEW = PreparedQuery(_sessions_of_new)


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to hold a comment."""

    name: str
    title: str | Promise
    finds: Callable[[Draft], str]
    """Returns what the author is told; empty for a comment that the rule doesn't find."""
    about_text: bool = False
    """Whether it judges the text, so that an edit can pass it, or fail it."""
    usual: Mode = Mode.HOLD
    """How it works until a moderator switches it."""


@dataclass(frozen=True, slots=True)
class Hit:
    rule: str
    reason: str
    mode: Mode


def _suspicious_sign_up(draft: Draft) -> str:
    """`accounts.spam_prevention` decides at sign-up how many of an account's first comments are held."""
    return _("A moderator reads your first comments before they appear.") if draft.author.held_comments else ""


def _newcomer(draft: Draft) -> str:
    if draft.record.established:
        return ""
    if User.objects.filter(is_active=True)[:NEWCOMERS_FROM].count() < NEWCOMERS_FROM:
        return ""
    number = {"number": NEWCOMER_COMMENTS}
    return (
        ngettext(
            "A moderator reads a new commenter’s first comment before it appears.",
            "A moderator reads a new commenter’s first %(number)d comments before they appear.",
            NEWCOMER_COMMENTS,
        )
        % number
    )


def _many_links(draft: Draft) -> str:
    number = len(LINK.findall(draft.text))
    if number <= MAX_LINKS or standing(draft.author) >= Standing.TRUSTED:
        return ""
    return _("It has %(number)d links. With %(most)d at most, it appears without waiting.") % {
        "number": number,
        "most": MAX_LINKS,
    }


def _watched_word(draft: Draft) -> str:
    if draft.word is None or draft.word.effect != WatchedWord.Effect.HOLD:
        return ""
    return word_reason(draft.word.word)


def word_reason(word: str) -> str:
    """Return what the author of a comment with a watched word is told."""
    return _("It has the word “%(word)s”, which moderators look at first.") % {"word": word}


def _often_hidden(draft: Draft) -> str:
    record = draft.record
    if record.recent < REJECTED_MIN or record.recent_hidden < REJECTED_SHARE * record.recent:
        return ""
    return _("Moderators have hidden several of your comments in the last week.")


def _heated(draft: Draft) -> str:
    """Slow mode: in a heated thread, each commenter's second comment within some minutes waits."""
    if draft.parent is None:
        return ""
    root = draft.parent.root_id or draft.parent.pk
    rows = _LATEST_REPLIES.rows(article=draft.parent.article_id, root=root)
    if not any(author == draft.author.pk and draft.at - posted_at < SLOW_MODE for author, posted_at, *_rest in rows):
        return ""
    recent = [(state, reports) for _by, posted_at, state, reports in rows if draft.at - posted_at < HEATED_WITHIN]
    if sum(state == Comment.State.HIDDEN or reports > 0 for state, reports in recent) < HEATED_FROM:
        return ""
    minutes = {"minutes": SLOW_MODE // timedelta(minutes=1)}
    return _("This thread is heated. A moderator reads a second comment within %(minutes)d minutes first.") % minutes


def _night(draft: Draft) -> str:
    begin, end = NIGHT
    if end <= timezone.localtime(draft.at).time() < begin:
        return ""
    hours = {"begin": time_format(begin), "end": time_format(end)}
    return _("Between %(begin)s and %(end)s, comments wait until a moderator is there.") % hours


def _crowded_network(draft: Draft) -> str:
    """Many new accounts on one network. Families and schools share one, so this isn't held by default."""
    since = draft.at - MEMBER_AGE
    if draft.article is None or draft.author.date_joined <= since:
        return ""
    sessions = _SESSIONS_OF_NEW.rows(
        article=draft.article.pk, author=draft.author.pk, joined=since, after=draft.at - CROWD_WITHIN
    )
    if spam_prevention.on_same_network(draft.author, sessions) < CROWD - 1:
        return ""
    return _("Several new accounts on your network have commented on this article. A moderator reads yours first.")


def _classified(draft: Draft) -> str:
    found = next((model for model in draft.classified.models if model.holds(draft.classified.features)), None)
    if found is None:
        return ""
    words = ", ".join(f"“{word}”" for word in found.weighed_words(draft.text.split()[: comment_classifier.MAX_READ]))
    weighed = " " + _("Words that weighed: %(words)s.") % {"words": words} if words else ""
    if found.kind == comment_classifier.ANY:
        return _("It looks like comments that moderators have hidden.") + weighed
    rule = shorten(clause_title(found.kind), CLAUSE_SHOWN, placeholder="…")
    return _("It looks like comments that moderators have hidden under “%(rule)s”.") % {"rule": rule} + weighed


def clause_title(number: str) -> str:
    """Return what the rule with this number is called now."""
    clause = current_clauses().filter(number=number).first()
    return str(clause) if clause else _("Rule %(number)s") % {"number": number}


RULES = (
    Rule("sign_up", gettext_lazy("First comments of an account that looked automated"), _suspicious_sign_up),
    Rule("newcomer", gettext_lazy("First comments of a new commenter"), _newcomer),
    Rule("often_hidden", gettext_lazy("Commenters whose comments were often hidden in the last week"), _often_hidden),
    Rule("links", gettext_lazy("Many links"), _many_links, about_text=True),
    Rule("words", gettext_lazy("Watched words"), _watched_word, about_text=True),
    Rule("classifier", gettext_lazy("Comments like hidden ones"), _classified, about_text=True),
    Rule("heated", gettext_lazy("Slow mode in heated threads"), _heated),
    Rule("night", gettext_lazy("Comments at night"), _night, usual=Mode.OFF),
    Rule("network", gettext_lazy("Several new accounts on one network"), _crowded_network, usual=Mode.FLAG),
)
BY_NAME = {rule.name: rule for rule in RULES}


def refuse_banned_word(draft: Draft) -> None:
    """Raise `Refused` for a text with a word that moderators don't accept."""
    if draft.word is not None and draft.word.effect == WatchedWord.Effect.REFUSE:
        message = _("Comments with the word “%(word)s” aren’t accepted here. Change it, and post again.")
        raise Refused(message % {"word": draft.word.word}, field="body")


def modes() -> dict[str, Mode]:
    """Return how each rule works now. One query."""
    changed = dict(_MODES.rows())
    return {rule.name: Mode(changed.get(rule.name, rule.usual)) for rule in RULES}


def check(draft: Draft, *, rules: Iterable[Rule] = RULES) -> Hit | None:
    """Return the first rule that holds the comment, else the first that flags it, else None."""
    now = modes()
    flagged = None
    for rule in rules:
        if now[rule.name] == Mode.OFF or not (reason := rule.finds(draft)):
            continue
        if now[rule.name] == Mode.HOLD:
            return Hit(rule.name, reason, Mode.HOLD)
        flagged = flagged or Hit(rule.name, reason, Mode.FLAG)
    return flagged


def check_text(draft: Draft) -> Hit | None:
    """Return which rule about the text finds an edited comment."""
    return check(draft, rules=[rule for rule in RULES if rule.about_text])


def flag(comment: Comment, hit: Hit) -> None:
    """Report a comment to the moderators in a rule's name. It counts for nothing else, and nobody is told."""
    version = comment.versions.count()
    Report.objects.get_or_create(
        comment=comment,
        reader=None,
        reason=Report.Reason.OTHER,
        note=str(BY_NAME[hit.rule].title),
        text_version=version,
        defaults={"counts": False},
    )


def waiting_time() -> str:
    """Return how long a held comment usually waits, as a sentence; empty if too few were approved to know."""
    approved = ModerationAction.objects.filter(action=ModerationAction.Action.APPROVE, comment__isnull=False)
    times = sorted(
        approved.order_by("-pk")
        .annotate(waited=F("created_at") - F("comment__posted_at"))
        .values_list("waited", flat=True)[:MEDIAN_OF]
    )
    if len(times) < MIN_DECIDED:
        return ""
    minutes = max(1, round(times[len(times) // 2] / timedelta(minutes=1)))
    if minutes < 90:
        usually = ngettext("Usually that takes %(n)d minute.", "Usually that takes %(n)d minutes.", minutes)
        return usually % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("Usually that takes %(n)d hour.", "Usually that takes %(n)d hours.", hours) % {"n": hours}


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a rule's holds in the last 30 days."""

    hits: int
    approved: int
    hidden: int
    overturned: int
    """Of the hidden ones, those that came back."""

    @property
    def decided(self) -> int:
        return self.approved + self.hidden

    @property
    def wrong_share(self) -> float:
        """Share of the decided holds that were wrong: approved after all, or restored later."""
        return (self.approved + self.overturned) / self.decided if self.decided else 0.0

    @property
    def wrong_percent(self) -> int:
        return round(100 * self.wrong_share)


def figures_of(name: str, *, since: datetime | None = None, because: str = "", decided_only: bool = False) -> Figures:
    """Return the figures of one rule. One query over its holds in 30 days, found by an index.

    Decisions that were undone at once don't count: the comment waits again.

    Args:
        because: How the reason begins for which it held them, such as the one with a watched word; empty for any.
        decided_only: Leave out what still awaits a decision, however much that is. `hits` is wrong then.
    """
    since = since or timezone.now() - FIGURES_OVER
    actions = ModerationAction.objects.filter(comment=OuterRef("pk"))
    held = Comment.objects.filter(held_by=name, posted_at__gt=since)
    if decided_only:
        held = held.filter(pk__in=ModerationAction.objects.filter(created_at__gt=since).values("comment"))
    hides = actions.filter(action=ModerationAction.Action.HIDE)
    still_hidden = Q(Exists(hides.filter(overturned_at=None)))
    approved = Q(Exists(actions.filter(action=ModerationAction.Action.APPROVE, overturned_at=None)))
    was_hidden = Q(Exists(hides)) & ~Q(state=Comment.State.HELD) & ~approved
    counted = held.filter(held_because__startswith=because).aggregate(
        hits=Count("pk"),
        approved=Count("pk", filter=approved),
        hidden=Count("pk", filter=was_hidden),
        overturned=Count("pk", filter=was_hidden & ~still_hidden),
    )
    return Figures(**counted)


def stop_if_wrong(name: str) -> bool:
    """Let a rule flag only, from now on, if too many of its holds were overturned. Return whether it did."""
    if name not in BY_NAME or modes()[name] != Mode.HOLD:
        return False
    since = HoldRule.objects.filter(name=name).values_list("changed_at", flat=True).first()
    earliest = timezone.now() - FIGURES_OVER
    # What was held before somebody switched it on again says nothing about the rule as it is now.
    figures = figures_of(name, since=max(since, earliest) if since else earliest)
    if figures.decided < MIN_DECIDED or figures.wrong_share <= MAX_OVERTURNED:
        return False
    HoldRule.objects.update_or_create(name=name, defaults={"mode": Mode.FLAG, "changed_by": None})
    return True


def set_mode(name: str, mode: Mode, *, by: User) -> None:
    """Switch a rule. The caller has checked that `by` may moderate."""
    HoldRule.objects.update_or_create(name=name, defaults={"mode": mode, "changed_by": by})
