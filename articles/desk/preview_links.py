"""A link that shows one draft to somebody without an account, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.publishing import rules
from articles.publishing.models import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MAX_AGE = timedelta(days=3)  # Long enough for somebody to call back after a weekend, too short to be forgotten.
SALT = "desk.preview-link"
# A withdrawn article is shown to nobody, and a published one has its own address.
SHAREABLE = {Article.Status.DRAFT, Article.Status.REVIEW}


@dataclass(frozen=True, slots=True)
class PreviewLink:
    address: str
    until: datetime


class Expired(Exception):
    """The link worked once, and does no more."""


def is_shareable(article: Article) -> bool:
    return article.status in SHAREABLE or article.is_scheduled


def create_link(article: Article, *, by: "User | AnonymousUser") -> PreviewLink | None:
    """A new link, which works as long as whoever made it may edit the article; none where there is nothing to show."""
    if not is_shareable(article):
        return None
    token = signing.dumps([article.pk, by.pk], salt=SALT, compress=False)
    return PreviewLink(f"{settings.SITE_ADDRESS}{reverse('shared_draft', args=[token])}", timezone.now() + MAX_AGE)


def article_from_token(token: str) -> Article | None:
    """The article that a link shows, or that has come before readers since; None if it never was a link of ours.

    Raises:
        Expired: Its time is over, its maker may not edit the article any more, or the article is not to be shown.
    """
    try:
        article_id, maker_id = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except signing.SignatureExpired:
        raise Expired from None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    article = Article.objects.select_related("section", "source").filter(pk=article_id).first()
    maker = User.objects.filter(pk=maker_id, is_active=True, is_staff=True).first()
    if article is not None and article.is_public:
        return article
    if article is None or maker is None or not rules.may_edit(maker, article) or not is_shareable(article):
        raise Expired
    return article
