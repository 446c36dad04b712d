"""Articles with their authors, sections, sources and blocks."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from articles.pictures.models import Picture
from articles.publishing.models.slug_redirect import RenamedSlugMixin
from articles.text.markdown import typographic
from articles.text.sanitizing import clean_line
from articles.text.slug_field import SlugField
from articles.web.local_cache import note_shown
from articles.web.prepared_query import Moment

if TYPE_CHECKING:
    from articles.accounts.models import Viewer
    from articles.publishing.models.companions import PicturePlacement

WORDS_PER_MINUTE = 230  # Silent reading of English non-fiction: 238 words a minute (Brysbaert 2019), rounded down.
SORT_FIELDS = {"dated", "dated_at", "go_live_at"}
# The days whose midnight is a moment of the calendar in every time zone.
FIRST_DAY, LAST_DAY = date.min + timedelta(days=1), date.max - timedelta(days=1)


class Author(RenamedSlugMixin):
    """A name in a byline, with or without an account."""

    name = models.CharField(_("name"), max_length=120)
    slug = SlugField(_("slug"), max_length=100, unique=True)
    about = models.TextField(_("about"), blank=True)
    portrait = models.ForeignKey(
        Picture, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = clean_line(self.name)

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])


class Section(RenamedSlugMixin):
    """A section of the site, in the order of the masthead."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = SlugField(_("slug"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = clean_line(self.name)

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.slug])


class Source(models.Model):
    """Where an article was first published, if not here."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.URLField(_("URL"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = clean_line(self.name)


class ArticleQuerySet(models.QuerySet["Article"]):
    def public(self, *, at: Moment | None = None) -> Self:
        """Filter published articles whose publication time has come, at a moment or now."""
        return self.filter(status=Article.Status.LIVE, go_live_at__lte=at or timezone.now())

    def visible_to(self, viewer: "Viewer", *, at: Moment | None = None) -> Self:
        """Filter what this reader may see on public pages. The same for all: drafts are read at the desk."""
        return self.public(at=at)

    def newest_first(self) -> Self:
        """Order by `sort_at`, newest first; articles without a time come after others of that day."""
        return self.order_by(F("sort_at").desc(nulls_first=True), "-pk")

    def latest_published_first(self) -> Self:
        return self.order_by(F("go_live_at").desc(), "-pk")

    def latest_date_first(self) -> Self:
        """Order by the date in the URL, as the archive does, even if it is ahead."""
        return self.order_by(F("dated").desc(nulls_first=True), F("dated_at").desc(nulls_last=True), "-pk")

    def for_lists(self, *, bylines: bool = True) -> Self:
        """Load what a list of headlines shows, in a constant number of queries. Annotates `is_corrected`."""
        corrected = Article.objects.filter(
            pk=OuterRef("pk"),
            revisions__edition__isnull=False,
            revisions__corrections__made_at__lte=timezone.now(),
        )
        articles = self.select_related("section").defer("body", "body_html", "held_reason")
        articles = articles.annotate(is_corrected=Exists(corrected))
        if bylines:
            articles = articles.prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("author")))
        return articles


class Article(models.Model):
    """One article. Its text changes only through `publishing.saving`, its status through `publishing.publishing`."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        LIVE = "live", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    headline = models.CharField(_("headline"), max_length=300)
    slug = SlugField(_("slug"), max_length=100)
    headline_key = models.CharField(max_length=300, editable=False, db_index=True, default="")
    """The normalized headline, by which “Also on” boxes find their article."""
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True, help_text=_("Markdown"))
    body_html = models.TextField(editable=False, blank=True)
    language = models.CharField(_("language"), max_length=15, default="en")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, verbose_name=_("section"))
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles", verbose_name=_("authors"))
    place = models.CharField(_("place"), max_length=80, blank=True, help_text=_("Starts the body as a dateline."))
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    source_url = models.URLField(_("original URL"), max_length=500, blank=True)

    dated = models.DateField(_("dated"), null=True, blank=True, help_text=_("The date in the URL."))
    dated_at = models.DateTimeField(
        _("time of that day"), null=True, blank=True, help_text=_("Leave blank if unknown.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    go_live_at = models.DateTimeField(_("publication time"), null=True, blank=True)
    publish_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    """Who asked to publish it while its pictures were still being prepared: it is published once they are ready."""
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    sort_at = models.DateTimeField(null=True, editable=False)
    """By which lists sort: the date with its time, or the publication time if that is earlier.

    Otherwise an article dated ahead by mistake would head all lists until its date."""
    updated_at = models.DateTimeField(_("updated for readers"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    held_reason = models.TextField(_("held because"), blank=True)

    word_count = models.PositiveIntegerField(editable=False, default=0)
    comment_count = models.PositiveIntegerField(editable=False, default=0)
    revision_number = models.PositiveIntegerField(editable=False, default=0)
    """The revision in which the current text was saved. A save that started from another one is merged first.

    Revisions that await review, are scheduled or only record a change of status have later numbers."""
    comments_closed_at = models.DateTimeField(_("comments closed"), null=True, blank=True)
    comments_closed_reason = models.CharField(_("why closed"), max_length=200, blank=True)
    comments_kept_open = models.BooleanField(_("comments kept open"), default=False)
    """Set by an editor: the discussion does not close by its age."""

    is_corrected: bool
    """Whether readers saw a correction of it; annotated by `for_lists`."""
    lead_placements: "list[PicturePlacement]"
    """The lead picture, if readers see it today; set by `placed_pictures.load_lead_pictures`."""

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.UniqueConstraint("dated", "slug", name="unique_slug_per_day"),
            models.CheckConstraint(
                condition=~Q(status="live") | Q(dated__isnull=False, go_live_at__isnull=False),
                name="live_articles_have_dates",
            ),
            models.CheckConstraint(condition=~Q(headline=""), name="articles_have_a_headline"),
        ]
        indexes = [
            models.Index("status", F("sort_at").desc(), F("id").desc(), name="newest_articles"),
            models.Index("section", "status", F("sort_at").desc(), F("id").desc(), name="newest_of_sections"),
            models.Index("status", F("dated").desc(), F("dated_at").desc(), name="articles_by_date"),
            models.Index("status", "go_live_at", name="articles_by_go_live"),
            models.Index("status", "dated", "go_live_at", name="articles_by_day"),
            models.Index("language", name="articles_by_language"),
        ]
        permissions = [("publish_article", _("Can publish and withdraw articles"))]

    def __str__(self) -> str:
        return self.headline

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any) -> Self:
        """Load an article, and note that the page which is being made shows it."""
        article = super().from_db(db, field_names, values, **kwargs)
        note_shown(article.pk)
        return article

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the current `sort_at`."""
        fields = kwargs.get("update_fields")
        if fields is None or not SORT_FIELDS.isdisjoint(fields):
            self.sort_at = self.first_moment()
            if fields is not None:
                kwargs["update_fields"] = {*fields, "sort_at"}
        super().save(*args, **kwargs)

    def first_moment(self) -> datetime | None:
        """Return what `sort_at` should be."""
        if self.dated is None:
            return None
        day = min(max(self.dated, FIRST_DAY), LAST_DAY)
        dated_at = self.dated_at or timezone.make_aware(datetime.combine(day, time.min))
        return dated_at if self.go_live_at is None else min(dated_at, self.go_live_at)

    def get_absolute_url(self) -> str:
        if self.dated is None:
            return reverse("admin:articles_article_change", args=[self.pk])
        return article_url(self.dated, self.slug)

    @property
    def typographic_headline(self) -> str:
        """The headline with the quotation marks of its language. It is stored as it was typed."""
        return typographic(self.headline, self.language)

    @property
    def typographic_standfirst(self) -> str:
        return typographic(self.standfirst, self.language)

    @property
    def author_names(self) -> str:
        """The names of the byline, which `for_lists` loads."""
        return ", ".join(byline.author.name for byline in self.bylines.all())

    @property
    def history_url(self) -> str:
        """URL of the version history."""
        return f"{self.get_absolute_url()}history/"

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.LIVE and self.go_live_at is not None and self.go_live_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.LIVE and self.go_live_at is not None and self.go_live_at > timezone.now()

    @property
    def reading_minutes(self) -> int:
        return max(1, ceil(self.word_count / WORDS_PER_MINUTE))

    @property
    def age_years(self) -> int:
        """Whole years since the article's date; 0 for a date ahead."""
        if self.dated is None:
            return 0
        today = timezone.localdate()
        years = today.year - self.dated.year
        if (today.month, today.day) < (self.dated.month, self.dated.day):
            years -= 1
        return max(0, years)

    @property
    def is_dated_ahead(self) -> bool:
        """Whether its date is after the day of its publication here."""
        return self.dated is not None and self.dated > timezone.localdate(self.go_live_at)

    @property
    def local_time(self) -> datetime | None:
        """The time of its date in the site's time zone, if it is known."""
        if self.dated_at is None:
            return None
        moment = timezone.localtime(self.dated_at)
        # It was another day in the time zone in which the date was saved.
        return moment if moment.date() == self.dated else None

    @property
    def direction(self) -> str:
        try:
            return "rtl" if get_language_info(self.language)["bidi"] else "ltr"
        except KeyError:
            return "ltr"


@lru_cache(maxsize=2048)
def article_url(dated: date, slug: str) -> str:
    """Return an article's path. Cached, since a page with a discussion needs its own URL a dozen times."""
    return reverse("article", args=[f"{dated:%Y}", f"{dated:%m}", f"{dated:%d}", slug])


class Byline(models.Model):
    """One author of one article, in the order of the byline."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, related_name="bylines")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint("article", "author", name="unique_byline_author")]

    def __str__(self) -> str:
        return str(self.author)


class Block(models.Model):
    """One paragraph, heading, list or quotation of a body. Keeps its identity when the text is edited."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField(null=True)
    """Position in the current text, from 0; None once the block was removed."""
    source = models.TextField()
    html = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("article", "position", name="unique_block_position")]

    def __str__(self) -> str:
        return self.source[:60]

    @property
    def anchor(self) -> str:
        return f"p{self.pk}"
