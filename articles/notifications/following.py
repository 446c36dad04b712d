"""A reader takes a stance: follows a thing, hides it, or forgets about it."""

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.errors import Refused
from articles.notifications import unread_counts
from articles.notifications.models import Inbox, Notification, Stance, Thing
from articles.notifications.models.stance import TARGETS, place_of
from articles.publishing.models import Article
from articles.topics.models import ArticleTopic, Topic

HIDES_MOST = 500  # What a reader hides is looked at with each page; nobody has come near this elsewhere.
FOLLOWS_MOST = 5_000  # Enough for years of reading; without a limit one script could make the paper tell of everything.

Verb = Stance.Verb


@transaction.atomic
def follow(*, thing: Thing, by: User) -> None:
    """Be told of what is new there. Whoever hid it hides it no longer.

    Raises:
        Refused: It is the reader, or they follow too much.
    """
    _take(Verb.FOLLOW, thing, by)


@transaction.atomic
def hide(*, thing: Thing, by: User) -> None:
    """See it folded or not at all, and hear nothing of it. What the inbox held of it goes.

    Raises:
        Refused: It is the reader, or they hide too much.
    """
    _take(Verb.HIDE, thing, by)
    _sweep(thing, by)
    unread_counts.recount([by.pk])


@transaction.atomic
def forget(*, thing: Thing, by: User) -> None:
    """Neither follow nor hide. A thread stays marked as left, so that writing in it does not follow it again."""
    _lock(by)
    stances = Stance.objects.filter(reader=by).towards(thing)
    if isinstance(thing, Comment):
        stances.update(verb=Verb.NEITHER)
    else:
        stances.delete()
    _count_hides(by)


@transaction.atomic
def follow_own_thread(comment: Comment) -> None:
    """Whoever writes in a thread hears of what follows, unless they have said otherwise, of this one or of all."""
    if comment.author_id is None or Inbox.objects.filter(pk=comment.author_id, follows_own_threads=False).exists():
        return
    stance = Stance(reader_id=comment.author_id, verb=Verb.FOLLOW, created_at=timezone.now(), **place_of(comment))
    Stance.objects.bulk_create([stance], ignore_conflicts=True)


@transaction.atomic
def forget_stance(*, stance: Stance) -> None:
    """The same for a line of the reader's list, whose thing may be gone from their sight."""
    forget(thing=stance.thing, by=stance.reader)


@transaction.atomic
def choose_own_threads(*, follow: bool, by: User) -> None:
    """Whether writing in a thread follows it from now on."""
    Inbox.objects.update_or_create(pk=by.pk, defaults={"follows_own_threads": follow})


def _lock(reader: User) -> None:
    """Two stances of one reader come one after the other, as do all changes of their inbox."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=reader.pk)


def _take(verb: Stance.Verb, thing: Thing, by: User) -> None:
    _lock(by)
    place = place_of(thing)
    if place.get("person_id") == by.pk:
        raise Refused(_("This is you. You can follow or hide others."))
    before = Stance.objects.filter(reader=by, **place).values_list("verb", flat=True).first()
    if before == verb:
        return
    most = {Verb.FOLLOW: FOLLOWS_MOST, Verb.HIDE: HIDES_MOST}[verb]
    if Stance.objects.filter(reader=by, verb=verb).count() >= most:
        full = {
            Verb.FOLLOW: _("You follow %(most)d things already. Forget some before you follow more."),
            Verb.HIDE: _("You hide %(most)d things already. Forget some before you hide more."),
        }[verb]
        raise Refused(full % {"most": most})
    Stance.objects.bulk_create(
        [Stance(reader=by, verb=verb, created_at=timezone.now(), **place)],
        update_conflicts=True,
        unique_fields=["reader", *place],
        update_fields=["verb", "created_at"],
    )
    _count_hides(by)


def _sweep(thing: Thing, by: User) -> None:
    """Take out of the inbox what it holds of a thing. What happened to one's own comments stays."""
    others = Notification.objects.filter(reader=by).exclude(kind__in=Notification.ABOUT_ONES_OWN)
    match thing:
        case Article():
            gone = Q(article=thing)
        case Comment():
            root = thing.root_id or thing.pk
            gone = Q(comment=root) | Q(comment__root=root)
        case Topic():
            under = ArticleTopic.objects.filter(topic=thing, state=ArticleTopic.State.SHOWN)
            gone = Q(comment=None, article__in=under.values("article"))
        case _:
            gone = Q(comment__author=thing) | Q(comment=None, article__bylines__author__user=thing)
    others.filter(pk__in=list(others.filter(gone).values_list("pk", flat=True))).delete()


def _count_hides(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(hides=Stance.objects.filter(reader=reader, verb=Verb.HIDE).count())


def recount_hides() -> list[str]:
    """Set every reader's number of hidden things to what the rows say. Gives a line for each that was wrong."""
    hidden = Stance.objects.hiding().filter(reader=OuterRef("pk")).order_by().values("reader")
    true = Coalesce(Subquery(hidden.annotate(n=Count("pk")).values("n")), 0)
    found = []
    for pk, stored, counted in User.objects.annotate(true=true).values_list("pk", "hides", "true").iterator():
        if stored != counted:
            with transaction.atomic():
                reader = User(pk=pk)
                _lock(reader)
                _count_hides(reader)
            found.append(f"reader {pk}: hides {stored}, in truth {counted}")
    return found


__all__ = [
    "TARGETS",
    "choose_own_threads",
    "follow",
    "follow_own_thread",
    "forget",
    "forget_stance",
    "hide",
    "recount_hides",
]
