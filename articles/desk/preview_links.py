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

WORKS_FOR = timedelta(days=3)  # Long enough for somebody to call back after a weekend, too short to be forgotten.
SALT = "desk.showing"
# A withdrawn article is shown to nobody, and a published one has its own address.
SHOWN = {Article.Status.DRAFT, Article.Status.REVIEW}


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    until: datetime


class Over(Exception):
    """The link worked once, and does no more."""


def may_be_shown(article: Article) -> bool:
    return article.status in SHOWN or article.is_scheduled


def link_to(article: Article, *, by: "User | AnonymousUser") -> Link | None:
    """A new link, which works as long as whoever made it may edit the article; none where there is nothing to show."""
    if not may_be_shown(article):
        return None
    token = signing.dumps([article.pk, by.pk], salt=SALT, compress=False)
    return Link(f"{settings.SITE_ADDRESS}{reverse('shown_draft', args=[token])}", timezone.now() + WORKS_FOR)


def article_of(token: str) -> Article | None:
    """The article that a link shows, or that has come before readers since; None if it never was a link of ours.

    Raises:
        Over: Its time is over, its maker may not edit the article any more, or the article is not to be shown.
    """
    try:
        number, maker_id = signing.loads(token, salt=SALT, max_age=WORKS_FOR)
    except signing.SignatureExpired:
        raise Over from None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    article = Article.objects.select_related("section", "source").filter(pk=number).first()
    maker = User.objects.filter(pk=maker_id, is_active=True, is_staff=True).first()
    if article is not None and article.is_public:
        return article
    if article is None or maker is None or not rules.may_edit(maker, article) or not may_be_shown(article):
        raise Over
    return article
