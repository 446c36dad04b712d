"""Earlier slugs of articles, authors, sections and topics, which redirect to the current ones."""

from typing import Any

from django.db import models

from articles.text.slug_field import SlugField


class SlugRedirect(models.Model):
    """A date and slug that redirect to an article permanently; no other article may take them."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="slug_redirects")
    dated = models.DateField()
    slug = SlugField(max_length=100, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("dated", "slug", name="unique_slug_redirect")]

    def __str__(self) -> str:
        return f"{self.dated:%Y/%m/%d}/{self.slug}"


class RenamedSlug(models.Model):
    """An earlier slug of an author, section or topic, which redirects to the current one for good."""

    kind = models.CharField(max_length=20)
    """The name of the model."""
    slug = SlugField(max_length=100, db_index=False)
    target = models.BigIntegerField()
    """The id of the author, section or topic."""

    class Meta:
        constraints = [models.UniqueConstraint("kind", "slug", name="unique_renamed_slug")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class RenamedSlugMixin(models.Model):
    """Keep each slug that a row had before, so that links to it go on working."""

    slug: "models.SlugField[str, str]"

    class Meta:
        abstract = True

    def current(self) -> "RenamedSlugMixin":
        """Return the row whose page stands for this one's."""
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        earlier = type(self)._default_manager.filter(pk=self.pk).first()
        super().save(*args, **kwargs)
        if earlier is None or earlier.slug == self.slug:
            return
        kind = self._meta.model_name or ""
        RenamedSlug.objects.filter(kind=kind, slug=self.slug).delete()  # It got an old slug back, or that of another.
        RenamedSlug.objects.update_or_create(kind=kind, slug=earlier.slug, defaults={"target": self.pk})
