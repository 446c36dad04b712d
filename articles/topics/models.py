"""Topics, and the topics of articles, shown when enough readers agree or an editor approves."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Expression, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.accounts.models import Viewer
from articles.publishing.models import Article
from articles.publishing.models.slug_redirect import RenamedSlugMixin
from articles.text.slug_field import SlugField
from articles.text.slugs import make_slug
from articles.topics.topic_names import KEY_LENGTH, MAX_NAME_LENGTH, topic_key, topic_keys
from articles.web.capped_counts import count_up_to

SLUG_LENGTH = 60
MAX_REASON_LENGTH = 300  # Characters, as of a moderator's reason.
RESERVED = {"suggest", "waiting"}  # /topics/suggest/ and /topics/waiting/ are views.


def _shown_to(viewer: Viewer, *, topic: Expression | F | None = None) -> "QuerySet[ArticleTopic]":
    """Return the rows of the topic of an outer query that are shown on articles which `viewer` may see."""
    article = Article.objects.visible_to(viewer).filter(pk=OuterRef("article"))
    return ArticleTopic.objects.shown().filter(Exists(article), topic=topic or OuterRef("pk")).order_by()


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Topics shown on at least one article that `viewer` may see."""
        return self.filter(Exists(_shown_to(viewer)))

    def with_article_count(self, viewer: Viewer, *, up_to: int) -> Self:
        """Annotate `article_count`: how many articles `viewer` sees with the topic, and `up_to` + 1 if more than that.

        Each article has to be looked up to know whether it is visible: the cap bounds what a large topic costs.
        """
        return self.annotate(article_count=count_up_to(up_to, _shown_to(viewer)))

    def most_used_first(self, *before: str, up_to: int) -> Self:
        """Order by the number of articles with the topic, visible or not, up to a cap; among equals by name.

        An index has this number, while each article has to be looked up to know whether it is visible.
        """
        uses = ArticleTopic.objects.shown().filter(topic=OuterRef("pk")).order_by()
        return self.annotate(uses=count_up_to(up_to, uses)).order_by(*before, F("uses").desc(), "name")

    def reachable_by(self, viewer: Viewer) -> Self:
        """Topics that `viewer` may see, and those that were merged into one: what somebody follows is among both."""
        return self.filter(Exists(_shown_to(viewer, topic=Coalesce(OuterRef("merged_into"), OuterRef("pk")))))

    def named(self, name: str) -> "Topic | None":
        """Return the topic with this name, in any spelling; the one with just this spelling if there are two."""
        keys = topic_keys(name)
        return min(self.filter(name_key__in=keys), key=lambda topic: keys.index(topic.name_key), default=None)


class Topic(RenamedSlugMixin):
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH)
    name_key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    slug = SlugField(
        _("slug"),
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text=_("Leave blank to create it from the name."),
    )
    about = models.TextField(_("description"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="created_topics"
    )
    reserved = models.BooleanField(
        _("reserved for editors"),
        default=False,
        db_default=False,
        help_text=_("Readers can’t suggest it or vote about it, such as “Sponsored”."),
    )

    merged_into = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    """The topic that stands for this one, whose name is then a synonym. See `topics.topic_merging`."""

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="topic_name_not_empty"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="no_topic_is_merged_into_itself"
            ),
        ]
        indexes = [models.Index("created_by", "created_at", name="topics_by_creator")]

    if TYPE_CHECKING:
        article_count: int
        """Set by `with_article_count`."""

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.name_key not in topic_keys(self.name):  # A topic that is older than its key's rules may have either.
            self.name_key = topic_key(self.name)
        if not self.slug or self.slug in RESERVED:
            self.slug = self._free_slug()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "name_key", "slug"}
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        """Add -2, -3 and so on to a slug that is taken: “C” and “C++” are two topics with the same plain slug."""
        plain = make_slug(self.name, default="topic", length=SLUG_LENGTH - 6)
        taken = RESERVED | set(
            Topic.objects.filter(slug__startswith=plain).exclude(pk=self.pk).values_list("slug", flat=True)
        )
        return next(slug for number in range(1, len(taken) + 2) if (slug := _numbered(plain, number)) not in taken)

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def current(self) -> "Topic":
        return self.merged_into or self


def _numbered(plain: str, number: int) -> str:
    return plain if number == 1 else f"{plain}-{number}"


def lock_articles(articles: Any) -> list[int]:
    """Lock articles until the transaction ends, in one order so that no two block each other. Return their ids."""
    rows = Article.objects.filter(pk__in=articles).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


class ArticleTopicQuerySet(models.QuerySet["ArticleTopic"]):
    def locked(self) -> Self:
        """Lock the articles of these rows until the transaction ends, and load the rows with their topics.

        Articles are locked first by everyone who changes their topics, as their own form does.
        """
        lock_articles(self.values("article"))
        return self.select_related("topic")

    def shown(self) -> Self:
        return self.filter(state=ArticleTopic.State.SHOWN)

    def suggested(self) -> Self:
        """Rows awaiting approval for which somebody has voted, whether or not the vote counts."""
        votes = Tagging.objects.filter(article_topic=OuterRef("pk"), objection="")
        return self.filter(Exists(votes), state=ArticleTopic.State.WAITING)

    def merged_into(self, article_topic: "ArticleTopic") -> Self:
        """Rows of the same article whose topic was merged into this one's."""
        return self.filter(
            article=article_topic.article_id,
            topic__merged_into=article_topic.topic_id,
            state=ArticleTopic.State.MERGED,
        )

    def shown_or_suggested(self) -> Self:
        return self.shown() | self.suggested()


class Objection(models.TextChoices):
    """Why a topic doesn't belong to an article: of votes against it, and of editors' rejections."""

    WRONG = "wrong", _("Doesn’t fit the article")
    BROAD = "broad", _("Too broad")
    DUPLICATE = "duplicate", _("The same as another topic")
    OFFENSIVE = "offensive", _("Offensive")


class ArticleTopic(models.Model):
    """A topic of an article: awaiting approval, shown, or rejected by an editor."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Awaiting approval")
        SHOWN = "shown", _("Shown")
        REJECTED = "rejected", _("Rejected")
        MERGED = "merged", _("Merged into another topic of the article")

    article = models.ForeignKey(Article, models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="article_topics")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    """The editor who set the state; None while votes decide it."""
    by_editor = models.BooleanField(_("set by an editor"), default=False)
    """An editor's decision outlives the editor's account and is independent of votes."""
    agreed = models.PositiveIntegerField(_("readers who agree"), default=0)
    """Only those whose votes count, see `accounts.trust`."""
    disagreed = models.PositiveIntegerField(_("readers who disagree"), default=0, db_default=0)
    """The same of votes against it."""
    created_at = models.DateTimeField(_("suggested"), auto_now_add=True)

    merged_from = models.ForeignKey(Topic, models.SET_NULL, null=True, editable=False, related_name="+")
    """The topic whose row it was before that was merged into another one."""
    before_merge = models.CharField(max_length=8, blank=True, default="", db_default="", editable=False)
    """Of a merged row: its state before."""
    other_before_merge = models.CharField(max_length=8, blank=True, default="", db_default="", editable=False)
    """Of a merged row: the state of the other topic's row before."""

    objects = ArticleTopicQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("article topic")
        verbose_name_plural = _("article topics")
        constraints = [
            models.UniqueConstraint("article", "topic", name="unique_topic_per_article"),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(by_editor=True), name="only_editors_reject_topics"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_from=None) & ~Q(before_merge="") & ~Q(other_before_merge="")
                | ~Q(state="merged") & Q(before_merge="", other_before_merge=""),
                name="merged_rows_remember_their_state",
            ),
        ]
        indexes = [
            models.Index("topic", "state", "article", name="article_topics_by_topic"),
            models.Index("state", "agreed", name="article_topics_by_state"),
            models.Index("topic", name="article_topics_approved", condition=Q(state="shown", by_editor=True)),
            models.Index("topic", "id", name="article_topics_of_readers", condition=Q(state="shown", by_editor=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} / {self.article_id}"


class Tagging(models.Model):
    """A reader's vote for a topic of an article, or against it."""

    article_topic = models.ForeignKey(ArticleTopic, models.CASCADE, related_name="taggings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="taggings")
    created_at = models.DateTimeField(default=timezone.now)
    """When it was last changed: a vote counts for what its reader was then."""
    objection = models.CharField(max_length=9, choices=Objection, blank=True, default="", db_default="")
    """Why it is against the topic; empty for a vote for it."""
    same_as = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="+")
    """The topic that says the same, for editors who may merge the two."""

    class Meta:
        constraints = [
            models.UniqueConstraint("article_topic", "reader", name="unique_tagging_per_reader"),
            models.CheckConstraint(
                condition=Q(same_as=None) | Q(objection="duplicate"), name="only_duplicates_name_another_topic"
            ),
        ]
        indexes = [models.Index("reader", "created_at", name="taggings_by_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.article_topic_id}"


class ClosedTopics(models.Model):
    """An article whose topics editors alone decide."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="closed_topics")
    reason = models.CharField(_("reason"), max_length=MAX_REASON_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("closed topics")
        verbose_name_plural = _("closed topics")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="topics_are_closed_for_a_reason")]

    def __str__(self) -> str:
        return self.reason


class TopicAction(models.Model):
    """A line of the log of topics: what was taken from articles, and what editors did. Never changed or deleted."""

    class Kind(models.TextChoices):
        HIDE = "hide", _("Taken off an article by readers’ votes")
        REJECT = "reject", _("Rejected for an article")
        REMOVE = "remove", _("Removed from an article, with its votes")
        DELETE = "delete", _("Deleted")
        RENAME = "rename", _("Renamed")
        MERGE = "merge", _("Merged into another topic")
        UNMERGE = "unmerge", _("Separated from another topic")
        RESERVE = "reserve", _("Reserved for editors")
        RELEASE = "release", _("Opened to readers")
        CLOSE = "close", _("Topics of an article closed to readers")
        REOPEN = "reopen", _("Topics of an article opened to readers")

    kind = models.CharField(_("action"), max_length=8, choices=Kind)
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH, blank=True)
    """As it was then. Readers see the topic's name now, if they may see the topic."""
    other = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="+")
    """Into which it was merged, or from which it was separated."""
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    """The editor; None for votes."""
    reason = models.CharField(_("reason"), max_length=MAX_REASON_LENGTH)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("topic action")
        verbose_name_plural = _("log of topics")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="topic_actions_have_a_reason")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
