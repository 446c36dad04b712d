"""Receivers: of invitations, for bylines; of pictures, for waiting articles, cached pages and earlier captions; of
articles, for the images of their headlines; of the rules page, for its versions."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from articles.accounts.signals import invitation_accepted
from articles.pictures.models import FormerCaption, Picture
from articles.pictures.signals import picture_changed, picture_prepared
from articles.publishing import community_rules, headline_images
from articles.publishing.authors import link_author
from articles.publishing.models import Article, SitePage
from articles.publishing.publishing import publish_waiting
from articles.publishing.signals import article_saved, article_status_changed

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
    """Keep a caption that readers saw."""
    showing = Article.objects.filter(placements__picture=picture)
    said, now = (former.caption, former.credit_line), (picture.caption, picture.credit_line)
    if said != now and any(said) and showing.public().exists():
        FormerCaption.objects.create(
            picture=picture, caption=former.caption, credit_line=former.credit_line, replaced_by=by
        )


@receiver([article_saved, article_status_changed])
def draw_headline(article: Article, **kwargs: Any) -> None:
    """Have the headline drawn, for link previews. The task finds out whether that is needed."""
    if article.status == Article.Status.LIVE:
        transaction.on_commit(partial(headline_images.draw.enqueue, article.pk))


@receiver(invitation_accepted)
def give_byline(reader: "User", byline_name: str, **kwargs: Any) -> None:
    """Link the invited person's account to the name under which they will write."""
    if byline_name:
        link_author(reader=reader, name=byline_name)


@receiver(post_save, sender=SitePage)
def keep_rules_version(instance: SitePage, raw: bool, **kwargs: Any) -> None:
    """Keep each version of the community rules, for decisions that cite it."""
    if instance.slug == community_rules.SLUG and not raw:
        community_rules.record_version(instance)
