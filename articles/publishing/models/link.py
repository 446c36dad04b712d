"""Link targets and the links of articles, maintained by `publishing.link_index`."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article
from articles.publishing.models.companions import RelatedLink

HOST_LENGTH = 255  # Characters of a domain name (RFC 1035).
URL_LENGTH = 2000  # Characters; database indexes take no more, and no real link is longer.


class LinkTargetQuerySet(models.QuerySet["LinkTarget"]):
    def linked(self) -> Self:
        """Filter targets that an article links to."""
        return self.filter(Exists(Link.objects.filter(target=OuterRef("pk"))))

    def due(self) -> Self:
        """Filter targets to check now: of published articles, or requested by an editor.

        Links of drafts are checked only on request, because the site can see the request.
        """
        read = Link.objects.filter(
            target=OuterRef("pk"), article__status=Article.Status.LIVE, article__go_live_at__lte=timezone.now()
        )
        return self.filter(Q(check_requested=True) | Exists(read), due_at__lte=timezone.now())


class LinkTarget(models.Model):
    """A URL that articles link to, without its fragment; for this site's own, the path alone."""

    class State(models.TextChoices):
        NEW = "new", _("not checked yet")
        WORKS = "works", _("working")
        MOVED = "moved", _("moved")
        UNSURE = "unsure", _("uncertain")
        DEAD = "dead", _("dead")

    class Cause(models.TextChoices):
        """The result of the last check."""

        OK = "ok", _("The link works.")
        CONFIRMED = "confirmed", _("An editor marked it as working.")
        GONE = "gone", _("The page doesn’t exist.")
        NO_HOST = "no host", _("The domain doesn’t exist.")
        NO_RESPONSE = "no response", _("The site doesn’t respond.")
        SERVER_ERROR = "server error", _("The site has a server error.")
        BLOCKED = "blocked", _("Blocks automated checks; it may still work for readers.")
        HOME = "home", _("Redirects to the site’s home page.")
        CERTIFICATE = "certificate", _("The site’s TLS certificate is invalid.")
        NOT_CHECKED = "not checked", _("The link couldn’t be checked.")

    url = models.CharField(_("URL"), max_length=URL_LENGTH, unique=True)
    host = models.CharField(max_length=HOST_LENGTH, blank=True, db_index=True)
    """Empty for links to this site."""
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.NEW)
    cause = models.CharField(max_length=12, choices=Cause, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    """The last HTTP status; None without a response."""
    moved_to = models.CharField(_("moved to"), max_length=URL_LENGTH, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True)
    last_working_at = models.DateTimeField(_("last working"), null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """Failures in a row since `failing_since`."""
    due_at = models.DateTimeField(default=timezone.now)
    check_requested = models.BooleanField(default=False)
    """An editor requested a check, even if no published article has the link."""

    fix_url = models.CharField(max_length=URL_LENGTH, blank=True)
    """The new URL while its links are being replaced."""
    fix_last_link = models.BigIntegerField(default=0)
    """The id of the last link to replace; later ones are intended."""
    fix_reason = models.CharField(max_length=300, blank=True)
    fix_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = LinkTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(condition=~Q(state="moved") | ~Q(moved_to=""), name="moved_links_have_moved_to"),
        ]
        indexes = [
            models.Index("due_at", name="links_due"),
            models.Index("state", F("checked_at").desc(), name="links_by_state"),
            models.Index("id", condition=~Q(fix_url=""), name="links_being_fixed"),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_own(self) -> bool:
        return not self.host


class Link(models.Model):
    """A link of an article: in its body, in an “Also on” box, or to the original."""

    class Place(models.TextChoices):
        TEXT = "text", _("in the body")
        BOX = "box", _("in a box")
        SOURCE = "source", _("original link")

    article = models.ForeignKey(Article, models.CASCADE, related_name="links")
    target = models.ForeignKey(LinkTarget, models.CASCADE, related_name="links")
    place = models.CharField(max_length=6, choices=Place)
    box = models.ForeignKey(RelatedLink, models.CASCADE, null=True, related_name="links")
    words = models.CharField(max_length=200, blank=True)
    """The link's text, the first one if there are several."""
    not_fixed_reason = models.CharField(max_length=300, blank=True)
    """Why it could not be replaced automatically."""

    class Meta:
        constraints = [
            models.UniqueConstraint("article", "target", condition=Q(place="text"), name="unique_link_in_text"),
            models.UniqueConstraint("article", condition=Q(place="source"), name="unique_source_link"),
            models.UniqueConstraint("box", name="unique_link_per_box"),
            models.CheckConstraint(
                condition=Q(place="box", box__isnull=False) | (~Q(place="box") & Q(box__isnull=True)),
                name="box_links_have_a_box",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.words}"
