"""Where the links of all articles lead, and what is known of it. `publishing.linking` keeps both."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.publishing.models.article import Article
from articles.publishing.models.companions import RelatedLink

HOST_LENGTH = 255  # Characters, as names have them (RFC 1035).
URL_LENGTH = 2000  # Characters; a longer one is no address that a person links to, and no index takes it.


class LinkTargetQuerySet(models.QuerySet["LinkTarget"]):
    def linked(self) -> Self:
        """Those to which an article leads still."""
        return self.filter(Exists(Link.objects.filter(target=OuterRef("pk"))))

    def due(self) -> Self:
        """What is to be asked now: where readers can follow it, or where an editor wants to know.

        The links of a draft are asked for by hand alone: who is asked learns that somebody writes about them.
        """
        read = Link.objects.filter(
            target=OuterRef("pk"), article__status=Article.Status.LIVE, article__go_live_at__lte=timezone.now()
        )
        return self.filter(Q(by_hand=True) | Exists(read), due_at__lte=timezone.now())


class LinkTarget(models.Model):
    """One address to which articles link, without its fragment; of this paper's own ones the path alone."""

    class State(models.TextChoices):
        NEW = "new", _("not asked yet")
        WORKS = "works", _("works")
        MOVED = "moved", _("moved")
        UNSURE = "unsure", _("unsure")
        DEAD = "dead", _("dead")

    class Cause(models.TextChoices):
        """What the last answer was, or the lack of one."""

        FINE = "fine", _("It answers.")
        VOUCHED = "vouched", _("An editor says that it works.")
        GONE = "gone", _("There is nothing at this address.")
        NO_HOST = "no host", _("There is no site of this name.")
        SILENT = "silent", _("It does not answer.")
        BROKEN = "broken", _("Its server is in trouble.")
        CLOSED = "closed", _("It does not answer programs; readers may see it.")
        HOME = "home", _("It leads to its site’s front page.")
        CERTIFICATE = "certificate", _("Its certificate does not hold.")
        NOT_ASKED = "not asked", _("It could not be fetched.")

    url = models.CharField(_("address"), max_length=URL_LENGTH, unique=True)
    host = models.CharField(max_length=HOST_LENGTH, blank=True, db_index=True)
    """Empty for the paper's own addresses."""
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.NEW)
    cause = models.CharField(max_length=11, choices=Cause, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    """The last HTTP status; None if nobody answered."""
    moved_to = models.CharField(_("moved to"), max_length=URL_LENGTH, blank=True)
    asked_at = models.DateTimeField(_("asked"), null=True)
    good_at = models.DateTimeField(_("last good"), null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """In a row, since then."""
    due_at = models.DateTimeField(default=timezone.now)
    by_hand = models.BooleanField(default=False)
    """An editor wants it asked, whoever can read the article."""

    mend_to = models.CharField(max_length=URL_LENGTH, blank=True)
    """While its links are being led elsewhere: where to."""
    mend_last = models.BigIntegerField(default=0)
    """The last link of those; one that is made later is meant as it is."""
    mend_because = models.CharField(max_length=300, blank=True)
    mend_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = LinkTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(condition=~Q(state="moved") | ~Q(moved_to=""), name="moved_links_say_where"),
        ]
        indexes = [
            models.Index("due_at", name="links_due"),
            models.Index("state", F("asked_at").desc(), name="links_by_state"),
            models.Index("id", condition=~Q(mend_to=""), name="links_being_mended"),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_own(self) -> bool:
        return not self.host


class Link(models.Model):
    """One article leads to one address: in its text, by an “Also on” box, or as where it was first published."""

    class Place(models.TextChoices):
        TEXT = "text", _("in the text")
        BOX = "box", _("in a box")
        SOURCE = "source", _("as its original")

    article = models.ForeignKey(Article, models.CASCADE, related_name="links")
    target = models.ForeignKey(LinkTarget, models.CASCADE, related_name="links")
    place = models.CharField(max_length=6, choices=Place)
    box = models.ForeignKey(RelatedLink, models.CASCADE, null=True, related_name="links")
    words = models.CharField(max_length=200, blank=True)
    """The words that are the link, the first ones if there are several."""
    not_mended = models.CharField(max_length=300, blank=True)
    """Why it could not be led elsewhere by itself."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "article", "target", condition=Q(place="text"), name="one_link_an_article_and_target"
            ),
            models.UniqueConstraint("article", condition=Q(place="source"), name="one_original_an_article"),
            models.UniqueConstraint("box", name="one_link_a_box"),
            models.CheckConstraint(
                condition=Q(place="box", box__isnull=False) | (~Q(place="box") & Q(box__isnull=True)),
                name="links_of_boxes_name_them",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.words}"
