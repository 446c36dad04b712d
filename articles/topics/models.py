"""Topics, and which article carries which: by an editor's word or by readers who agree."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.publishing.models import Article
from articles.text.slugs import make_slug
from articles.topics.topic_names import KEY_LENGTH, NAME_LENGTH, topic_key

if TYPE_CHECKING:
    from articles.accounts.models import User

SLUG_LENGTH = 60
RESERVED = {"suggest", "waiting"}  # /topics/suggest/ and /topics/waiting/ are the room's own addresses.


class TopicQuerySet(models.QuerySet["Topic"]):
    def standing(self, reader: "User | AnonymousUser") -> Self:
        """Topics shown on at least one article that this reader may see, each with the number of these articles."""
        return self.filter(
            article_topics__state=ArticleTopic.State.SHOWN,
            article_topics__article__in=Article.objects.visible_to(reader),
        ).annotate(articles=Count("article_topics"))


class Topic(models.Model):
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    slug = models.SlugField(
        _("address"),
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("Empty: made from the name. Links to the old address end when it changes."),
    )
    about = models.TextField(_("about"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="topics_made"
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="topics_have_a_name")]
        indexes = [models.Index("created_by", "created_at", name="topics_made_by_a_reader")]

    if TYPE_CHECKING:
        articles: int
        """With `standing`: on how many articles it stands."""

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = topic_key(self.name)
        if not self.slug or self.slug in RESERVED:
            self.slug = self._free_slug()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "name_key", "slug"}
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        """“C” and “C++” are two topics with one plain form: the later one gets -2, -3 and so on."""
        plain = make_slug(self.name, default="topic")[: SLUG_LENGTH - 6]
        taken = RESERVED | set(
            Topic.objects.filter(slug__startswith=plain).exclude(pk=self.pk).values_list("slug", flat=True)
        )
        return next(slug for number in range(1, len(taken) + 2) if (slug := _numbered(plain, number)) not in taken)

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


def _numbered(plain: str, number: int) -> str:
    return plain if number == 1 else f"{plain}-{number}"


class ArticleTopic(models.Model):
    """One topic at one article: waiting for agreement, shown, or refused by an editor."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for readers to agree")
        SHOWN = "shown", _("Shown")
        REFUSED = "refused", _("Refused")

    article = models.ForeignKey(Article, models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="article_topics")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    """The editor who set the state; None while it follows from the readers' number."""
    by_editor = models.BooleanField(_("an editor's word"), default=False)
    """An editor's word holds even when the editor's account is gone and when readers take theirs back."""
    agreed = models.PositiveIntegerField(_("readers who agree"), default=0)
    created_at = models.DateTimeField(_("proposed"), auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("topic of an article")
        verbose_name_plural = _("topics of articles")
        constraints = [
            models.UniqueConstraint("article", "topic", name="one_topic_once_an_article"),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(by_editor=True), name="only_editors_refuse_topics"
            ),
        ]
        indexes = [
            models.Index("topic", "state", "article", name="articles_of_a_topic"),
            models.Index("state", "agreed", name="topics_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} / {self.article_id}"


class Tagging(models.Model):
    """One reader's word that an article has a topic."""

    article_topic = models.ForeignKey(ArticleTopic, models.CASCADE, related_name="taggings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="taggings")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("article_topic", "reader", name="one_tagging_a_reader")]
        indexes = [models.Index("reader", "created_at", name="taggings_of_a_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.article_topic_id}"
