"""Follow, hide, or clear: what readers do with articles, threads, topics and people."""

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
from articles.notifications.models.stance import target_filter
from articles.publishing.models import Article, Author
from articles.topics.models import ArticleTopic, Topic
from articles.web.prepared_query import Parameter, PreparedQuery

MAX_HIDDEN = 500  # Every page a reader opens reads what they hide.
MAX_FOLLOWED = 5_000  # Enough for years; without a limit one script could subscribe to everything.

Verb = Stance.Verb
_OPTED_OUT = PreparedQuery(
    lambda: Inbox.objects.filter(pk=Parameter("reader"), follows_own_threads=False).values_list("pk")
)


@transaction.atomic
def follow(*, thing: Thing, by: User) -> None:
    """Follow a target, and stop hiding it.

    Raises:
        Refused: The target is the reader, or they follow too many.
    """
    _set_stance(Verb.FOLLOW, thing, by)


@transaction.atomic
def hide(*, thing: Thing, by: User) -> None:
    """Hide a target: collapse or omit it, and delete its notifications from the inbox.

    Raises:
        Refused: The target is the reader or an author, or they hide too many.
    """
    if isinstance(thing, Author):
        raise Refused(_("Authors can be followed, but not hidden. You can hide an article or a topic."))
    _set_stance(Verb.HIDE, thing, by)
    _remove_from_inbox(thing, by)
    unread_counts.recount([by.pk])


@transaction.atomic
def clear(*, thing: Thing, by: User) -> None:
    """Unfollow and unhide. A thread stays marked, so that commenting in it does not follow it again."""
    _lock_reader(by)
    stances = Stance.objects.filter(reader=by).towards(thing)
    if isinstance(thing, Comment):
        stances.update(verb=Verb.NEITHER)
    else:
        stances.delete()
    _count_hides(by)


@transaction.atomic(savepoint=False)  # Part of the action that posted the comment.
def follow_own_thread(comment: Comment) -> None:
    """Follow a thread by commenting in it, unless the reader unfollowed it or has turned this off."""
    if comment.author_id is None or _OPTED_OUT.rows(reader=comment.author_id):
        return
    stance = Stance(reader_id=comment.author_id, verb=Verb.FOLLOW, created_at=timezone.now(), **target_filter(comment))
    Stance.objects.bulk_create([stance], ignore_conflicts=True)


def set_follow_own_threads(*, follow: bool, by: User) -> None:
    """Choose whether commenting in a thread follows it."""
    Inbox.objects.update_or_create(pk=by.pk, defaults={"follows_own_threads": follow})


def set_follow_own_articles(*, follow: bool, by: User) -> None:
    """Choose whether to be notified of comments on the articles that one is in the byline of."""
    Inbox.objects.update_or_create(pk=by.pk, defaults={"follows_own_articles": follow})


def _lock_reader(reader: User) -> None:
    """Serialise the changes of one reader's stances and inbox."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=reader.pk)


def _set_stance(verb: Stance.Verb, thing: Thing, by: User) -> None:
    _lock_reader(by)
    place = target_filter(thing)
    if place.get("person_id") == by.pk:
        raise Refused(_("You can’t follow or hide yourself."))
    before = Stance.objects.filter(reader=by, **place).values_list("verb", flat=True).first()
    if before == verb:
        return
    if verb == Verb.FOLLOW:
        most, full = MAX_FOLLOWED, _("You already follow %(most)d items. Unfollow some before you follow more.")
    else:
        most, full = MAX_HIDDEN, _("You already hide %(most)d items. Unhide some before you hide more.")
    if Stance.objects.filter(reader=by, verb=verb).count() >= most:
        raise Refused(full % {"most": most})
    Stance.objects.bulk_create(
        [Stance(reader=by, verb=verb, created_at=timezone.now(), **place)],
        update_conflicts=True,
        unique_fields=["reader", *place],
        update_fields=["verb", "created_at"],
    )
    _count_hides(by)


def _remove_from_inbox(thing: Thing, by: User) -> None:
    """Delete a hidden target's notifications. Those about the reader's own comments stay."""
    others = Notification.objects.filter(reader=by).exclude(kind__in=Notification.ABOUT_OWN_COMMENTS)
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
    """Correct every reader's count of hidden targets. Returns a line for each that was wrong."""
    hidden = Stance.objects.hiding().filter(reader=OuterRef("pk")).order_by().values("reader")
    true = Coalesce(Subquery(hidden.annotate(n=Count("pk")).values("n")), 0)
    found = []
    for pk, stored, counted in User.objects.annotate(true=true).values_list("pk", "hides", "true").iterator():
        if stored != counted:
            with transaction.atomic():
                reader = User(pk=pk)
                _lock_reader(reader)
                _count_hides(reader)
            found.append(f"reader {pk}: hides {stored}, corrected to {counted}")
    return found
