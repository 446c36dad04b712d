"""Receivers of the pictures' signals: waiting articles, cached pages and earlier captions."""

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.dispatch import receiver

from articles.pictures.models import FormerCaption, Picture
from articles.pictures.signals import picture_changed, picture_prepared
from articles.publishing.models import Article
from articles.publishing.publishing import publish_waiting

if TYPE_CHECKING:
    from articles.accounts.models import User


@receiver(picture_prepared)
def publish_waiting_articles(picture: Picture, **kwargs: Any) -> None:
    """Publish the articles that waited for this picture."""
    waiting = Article.objects.filter(placements__picture=picture, publish_requested_by__isnull=False)
    for article in waiting.select_related("publish_requested_by").distinct():
        publish_waiting(article)


@receiver(picture_changed)
def update_articles(picture: Picture, former: Picture, by: "User", **kwargs: Any) -> None:
    """Renew the pages that show the picture, and keep a caption that readers saw."""
    showing = Article.objects.filter(placements__picture=picture)
    said, now = (former.caption, former.credit_line), (picture.caption, picture.credit_line)
    if said != now and any(said) and showing.public().exists():
        FormerCaption.objects.create(
            picture=picture, caption=former.caption, credit_line=former.credit_line, replaced_by=by
        )
    showing.update(stamp=F("stamp") + 1)
