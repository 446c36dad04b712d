"""Preview links: signed, expiring links that show one draft to someone without an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User, Viewer
from articles.publishing import rules
from articles.publishing.models import Article

MAX_AGE = timedelta(days=3)  # Long enough for a reply after the weekend, too short to be forgotten.
SALT = "desk.preview-link"
# A withdrawn article is shown to no one, and a published one has a page.
SHAREABLE = {Article.Status.DRAFT, Article.Status.REVIEW}


@dataclass(frozen=True, slots=True)
class PreviewLink:
    url: str
    until: datetime


class Expired(Exception):
    """The link was valid once but no longer is."""


def is_shareable(article: Article) -> bool:
    return article.status in SHAREABLE or article.is_scheduled


def create_link(article: Article, *, by: Viewer) -> PreviewLink | None:
    """Return a new link, valid while `by` may edit the article; None for an article that can't be shared."""
    if not is_shareable(article):
        return None
    token = signing.dumps([article.pk, by.pk], salt=SALT, compress=False)
    return PreviewLink(f"{settings.SITE_ADDRESS}{reverse('shared_draft', args=[token])}", timezone.now() + MAX_AGE)


def article_from_token(token: str) -> Article | None:
    """Return the article of a token, even if it has been published since; None if we never issued the token.

    Raises:
        Expired: It is too old, its creator may no longer edit the article, or the article can't be shared.
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
    if article is None or not is_shareable(article):
        raise Expired
    if maker is None or maker.is_banned or not rules.may_edit(maker, article):
        raise Expired
    return article
