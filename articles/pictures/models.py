"""Pictures: a file with what is known of it, and the captions that it had before."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.pictures import licences
from articles.pictures.metadata import MAX_LINE, MadeWith
from articles.text.excerpts import excerpt

CENTRE = 50  # Per cent.
TITLE_LENGTH = 60  # Characters of a caption that stand for the picture in lists.


class Rights(models.TextChoices):
    """Why the publication may show a picture."""

    STAFF = "staff", _("Staff")
    COMMISSIONED = "commissioned", _("Commissioned")
    AGENCY = "agency", _("Agency")
    HANDOUT = "handout", _("Handout")
    READER = "reader", _("Sent by a reader")
    CREATIVE_COMMONS = "creative_commons", _("Creative Commons")
    PUBLIC_DOMAIN = "public_domain", _("Public domain")
    OTHER = "other", _("Other licence")


class PictureQuerySet(models.QuerySet["Picture"]):
    def licensed(self) -> Self:
        """Filter pictures that may be shown today."""
        return self.filter(licences.in_force())


class Picture(models.Model):
    """A picture file, known by its digest: the same file uploaded twice is one picture.

    Readers get its renditions only. Where it stands in articles is told by `publishing.PicturePlacement`.
    """

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    original = models.CharField(max_length=100, unique=True, editable=False)
    """The storage name of the file as it was uploaded. For the desk only."""
    file_name = models.CharField(_("file name"), max_length=200, editable=False)
    """As the uploader had it."""
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    """In pixels, turned upright."""

    focal_x = models.PositiveSmallIntegerField(default=CENTRE)
    focal_y = models.PositiveSmallIntegerField(default=CENTRE)
    """The point that every crop shows, in per cent of width and height from the top left."""
    alt = models.TextField(_("alt text"), blank=True)
    caption = models.TextField(_("caption"), blank=True)
    creator = models.CharField(_("creator"), max_length=MAX_LINE, blank=True)
    credit = models.CharField(_("credit line"), max_length=MAX_LINE, blank=True)
    source = models.CharField(_("source"), max_length=MAX_LINE, blank=True)
    copyright_notice = models.CharField(_("copyright notice"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=MAX_LINE, blank=True)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    made_with = models.CharField(_("made with"), max_length=20, choices=MadeWith, default=MadeWith.PHOTOGRAPH)
    rights = models.CharField(_("rights"), max_length=20, choices=Rights, blank=True)
    license_url = models.URLField(_("licence"), max_length=500, blank=True)
    usage_terms = models.TextField(_("usage terms"), blank=True)
    licensed_until = models.DateField(_("licensed until"), null=True, blank=True)
    """The last day on which readers see it."""

    origins = models.JSONField(default=dict, editable=False)
    """Fields that were read from the file and that nobody has changed since: {"caption": "IPTC", ...}."""
    metadata = models.JSONField(default=dict, editable=False)
    """All that the file says of itself, as it was read."""

    folder = models.CharField(max_length=32, blank=True, editable=False)
    """Of the renditions: an unguessable name, new with each change of the crops; empty until they are made."""
    renditions = models.JSONField(default=list, editable=False)
    """What is in that folder: [{"crop": "wide", "width": 640, "height": 360, "bytes": {"avif": 1, "jpeg": 2}}, ...].

    In one column, since a page with thirty pictures would otherwise load a thousand rows."""
    colour = models.PositiveSmallIntegerField(default=0, editable=False)
    """The mean colour, as an index of `pictures.renditions.COLOURS`."""
    failure = models.CharField(max_length=300, blank=True, editable=False)
    """Why no renditions could be made."""
    renditions_due_at = models.DateTimeField(null=True, editable=False)
    """When a task for the renditions was queued last; empty once they are made, or can't be."""

    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint("folder", condition=~Q(folder=""), name="unique_rendition_folder"),
            models.CheckConstraint(condition=Q(focal_x__lte=100, focal_y__lte=100), name="focal_points_are_inside"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="pictures_have_a_size"),
            models.CheckConstraint(condition=Q(folder="") | ~Q(renditions=[]), name="folders_have_renditions"),
        ]
        indexes = [
            models.Index(F("uploaded_at").desc(), F("id").desc(), name="newest_pictures"),
            models.Index("licensed_until", condition=Q(licensed_until__isnull=False), name="pictures_by_licence"),
            models.Index("renditions_due_at", condition=Q(renditions_due_at__isnull=False), name="pictures_to_render"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("picture", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.folder != ""

    @property
    def is_licensed(self) -> bool:
        return licences.is_in_force(self.licensed_until)

    @property
    def is_shown(self) -> bool:
        """Whether readers see it today."""
        return self.is_ready and self.is_licensed

    @property
    def credit_line(self) -> str:
        """Who made it and whose it is: “Jane Roe/Agency”."""
        names = [name for name in (self.creator, self.credit) if name]
        return "/".join(dict.fromkeys(names)) or self.copyright_notice

    def sizes_of(self, crop: str) -> list[dict[str, Any]]:
        """Return the renditions of one crop, the narrowest first."""
        return sorted((one for one in self.renditions if one["crop"] == crop), key=lambda one: one["width"])


class FormerCaption(models.Model):
    """A caption and credit that readers may have seen, before they were changed."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="former_captions")
    caption = models.TextField(_("caption"), blank=True)
    credit_line = models.CharField(_("credit line"), max_length=2 * MAX_LINE + 1, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), auto_now_add=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        verbose_name = _("earlier caption")
        verbose_name_plural = _("earlier captions")

    def __str__(self) -> str:
        return excerpt(self.caption, TITLE_LENGTH)
