"""What a reader follows or hides: an article, a thread, a topic, a person, or an author without an account."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import User
from articles.discussion.models import Comment
from articles.publishing.models import Article, Author
from articles.topics.models import Topic

type Thing = Article | Comment | Topic | User | Author
"""An article, a thread (any of its comments), a topic, a person or an author."""

HIDEABLE = ("article", "thread", "topic", "person")
TARGETS = (*HIDEABLE, "author")


def _only(target: str) -> Q:
    return Q(**{f"{name}__isnull": name != target for name in TARGETS})


def target_filter(thing: Thing) -> dict[str, int]:
    """Return the column of a target and its value: `Stance.objects.filter(**target_filter(thing))`."""
    match thing:
        case Article():
            return {"article_id": thing.pk}
        case Comment():
            return {"thread_id": thing.root_id or thing.pk}
        case Topic():
            return {"topic_id": thing.pk}
        case Author():
            return {"author_id": thing.pk}
    return {"person_id": thing.pk}


class StanceQuerySet(models.QuerySet["Stance"]):
    def following(self) -> Self:
        return self.filter(verb=Stance.Verb.FOLLOW)

    def hiding(self) -> Self:
        return self.filter(verb=Stance.Verb.HIDE)

    def towards(self, thing: Thing) -> Self:
        return self.filter(**target_filter(thing))


class Stance(models.Model):
    """One reader follows or hides one target, never both. Changed only by the functions in `following`."""

    class Verb(models.TextChoices):
        FOLLOW = "follow", _("Follow")
        HIDE = "hide", _("Hide")
        NEITHER = "neither", _("Neither")
        """An unfollowed thread: commenting in it does not follow it again."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stances")
    verb = models.CharField(max_length=8, choices=Verb)
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="stances", db_index=False)
    thread = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="stances", db_index=False)
    """The first comment of the thread."""
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="stances", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="stances_towards", db_index=False
    )
    author = models.ForeignKey(Author, models.CASCADE, null=True, related_name="stances", db_index=False)
    """One without an account; who has one is followed as a person."""
    created_at = models.DateTimeField()

    objects = StanceQuerySet.as_manager()

    class Meta:
        constraints = [
            *(models.UniqueConstraint("reader", target, name=f"one_stance_a_{target}") for target in TARGETS),
            models.CheckConstraint(condition=reduce(or_, map(_only, TARGETS)), name="a_stance_has_one_target"),
            models.CheckConstraint(condition=Q(author=None) | Q(verb="follow"), name="authors_are_only_followed"),
            models.CheckConstraint(condition=Q(person=None) | ~Q(person=F("reader")), name="no_stance_towards_oneself"),
            models.CheckConstraint(
                condition=~Q(verb="neither") | Q(thread__isnull=False), name="only_threads_are_unfollowed"
            ),
        ]
        # The fan-out reads followers in the order of their ids, in batches.
        indexes = [
            models.Index(
                target, "verb", "reader", condition=Q(**{f"{target}__isnull": False}), name=f"stances_on_a_{target}"
            )
            for target in TARGETS
        ]

    if TYPE_CHECKING:
        article_id: int | None
        thread_id: int | None
        topic_id: int | None
        person_id: int | None
        author_id: int | None

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.verb}"

    @property
    def target(self) -> str:
        """The name of the column in use: one of TARGETS."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    @property
    def thing_id(self) -> int:
        pk: int = getattr(self, f"{self.target}_id")
        return pk

    @property
    def thing(self) -> Thing:
        found: Thing = getattr(self, self.target)
        return found
