"""A change of a live article that readers see at a time ahead.

Nothing has to run at that time: whoever reads first makes the change that is due, and so does the clock beside the
worker. A change that no longer fits what the article has become waits for an editor.
"""

import logging
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refused
from articles.publishing import editions, saving
from articles.publishing.companions import companions_of
from articles.publishing.models import Article, Revision
from articles.text.merging import merge

if TYPE_CHECKING:
    from articles.accounts.models import User

NEVER = datetime.max.replace(tzinfo=timezone.get_default_timezone())
TEXTS = ("headline", "standfirst", "body")
State = Revision.State
PAUSE = 30.0  # Seconds between two tries of a change that fails, in each process.

failed: dict[int, float] = {}
"""Until when this process leaves a change alone, by its id."""

logger = logging.getLogger(__name__)


def demand_ahead(at: datetime | None) -> datetime:
    """Raises Refused where no time is given, or one that is over."""
    if at is None:
        raise Refused(_("Give the day and the time at which readers shall see it."), field="schedule_for")
    if at <= timezone.now():
        raise Refused(_("This time is over. Choose one ahead, or publish now."), field="schedule_for")
    return at


def planned(article: Article) -> Revision | None:
    """The change of an article that waits for its time, if there is one."""
    return article.revisions.filter(state=State.SCHEDULED).first()


@transaction.atomic
def plan(
    article: Article, text: Revision, *, by: "User | None", at: datetime, note: str = "", since: int | None = None
) -> Revision:
    """Keep a changed text until its time comes.

    Args:
        article: Live; readers go on seeing its present text.
        text: The changed one with its companions, not saved, made against the present one.
        by: Whose change it is.
        at: When readers shall see it.
        note: What they are told of it then.
        since: The version that the editor had before them; None where nobody edits by hand.

    Raises:
        Refused: Readers do not see the article, or another change of it waits already.
        Stale: The article's version is another one than `since`.
    """
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    saving.hold(article, since=since)
    base = article.revisions.seen().first()
    if not article.is_public or base is None:
        raise Refused(_("Readers don't see this article: schedule the article itself."))
    if waiting := planned(article):
        moment = timezone.localtime(waiting.due_at)
        raise Refused(
            _("Another change is scheduled for %(moment)s already. Publish it or call it off first.")
            % {"moment": f"{moment:%Y-%m-%d %H:%M}"},
            field="schedule_for",
        )
    return Revision.objects.create(
        article=article,
        number=(article.revisions.aggregate(last=Max("number"))["last"] or 0) + 1,
        by=by,
        reason=text.reason,
        state=State.SCHEDULED,
        due_at=at,
        base=base.number,
        note=note,
        headline=text.headline,
        standfirst=text.standfirst,
        body=text.body,
        companions=text.companions,
    )


def next_due() -> datetime:
    """When the next change is to be made; the end of time if none is."""
    found = Revision.objects.filter(state=State.SCHEDULED).aggregate(due=Min("due_at"))["due"]
    return found or NEVER


def bring_due() -> int:
    """Make each change whose time has come. Gives their number.

    Readers get their page whatever happens here: what fails, because the database takes no writing now or for a bug, is
    tried again after a pause, so that not each of them waits for it.
    """
    due = Revision.objects.filter(state=State.SCHEDULED, due_at__lte=timezone.now()).order_by("due_at", "pk")
    made = 0
    for revision in due.exclude(pk__in=[pk for pk, until in failed.items() if until > monotonic()]):
        try:
            made += _bring(revision)
        except Exception:
            failed[revision.pk] = monotonic() + PAUSE
            logger.exception("Scheduled change %s was not made", revision)
    return made


def _bring(revision: Revision) -> bool:
    """Make one change, or let it wait for an editor. False if somebody else has made it meanwhile."""
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=revision.article_id)
        revision.refresh_from_db()
        if revision.state != State.SCHEDULED:
            return False
        try:
            with transaction.atomic():
                _make(article, revision)
        except Refused as refused:
            revision.state = State.WAITING
            revision.reason = saving.as_reason(f"{revision.reason} {refused.reason}")
            revision.save(update_fields=["state", "reason"])
            return False
        revision.state = State.SAVED
        revision.save(update_fields=["state"])
        return True


def _make(article: Article, revision: Revision) -> None:
    if not article.is_public:
        raise Refused(_("Its time came while readers did not see the article."))
    assert revision.base is not None  # By a constraint.
    base = article.revisions.get(number=revision.base)
    present = article.revisions.seen().first() or base
    if clashing(base, revision, present):
        raise Refused(_("Its time came, and the article had been changed in the same place meanwhile."))
    beside = editions.beside_text(revision) != editions.beside_text(base)
    for name in TEXTS:
        setattr(article, name, merge(*(getattr(text, name) for text in (base, revision, present))).text)
    saving.write(article)
    if beside:
        saving.place(article, companions_of(revision))
    why = revision.reason or _("As scheduled")
    saving.record(article, by=revision.by, reason=why, note=revision.note)


def no_longer_fits(article: Article, planned: Revision) -> bool:
    """Whether a planned change would have to wait for an editor, were it due now."""
    base = article.revisions.filter(number=planned.base or 0).first()
    present = article.revisions.seen().first()
    return not article.is_public or base is None or clashing(base, planned, present or base)


def clashing(base: Revision, planned: Revision, present: Revision) -> bool:
    """Whether what is planned (against `base`) and what is `present` change the same: then an editor has to decide.

    Nobody looks at the outcome before readers do, so that two changes of one paragraph clash, whatever words they are.
    What stands beside a text names its paragraphs: it is moved only where the text itself is as planned.
    """
    for name in TEXTS:
        if merge(*(getattr(text, name) for text in (base, planned, present)), within_lines=False).clashes:
            return True
    beside = [editions.beside_text(text) for text in (base, planned, present)]
    if beside[1] == beside[0]:
        return False
    return beside[2] not in beside[:2] or present.body not in (base.body, planned.body)
