"""Topics, and which article carries which: by an editor's word or by readers who agree."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.publishing.models import Article

NAME_LENGTH = 40  # Characters; one line on a phone.


class Topic(models.Model):
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH * 2, unique=True, editable=False)
    slug = models.SlugField(_("address"), max_length=60, unique=True, allow_unicode=True)
    about = models.TextField(_("about"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="topics_have_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


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
    by_editor = models.BooleanField(default=False)
    """An editor's word holds even when the editor's account is gone and when readers take theirs back."""
    agreed = models.PositiveIntegerField(_("readers who agree"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("topic of an article")
        verbose_name_plural = _("topics of articles")
        constraints = [models.UniqueConstraint("article", "topic", name="one_topic_once_an_article")]

    def __str__(self) -> str:
        return f"{self.topic} / {self.article_id}"


class Tagging(models.Model):
    """One reader's word that an article has a topic."""

    article_topic = models.ForeignKey(ArticleTopic, models.CASCADE, related_name="taggings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="taggings")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("article_topic", "reader", name="one_tagging_a_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} / {self.article_topic_id}"
