"""Who may change an article."""

from typing import TYPE_CHECKING

from articles.publishing.models import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from articles.accounts.models import User

# What somebody who may write, but not publish, can still change: readers have not seen it.
WRITERS_STATES = {Article.Status.DRAFT, Article.Status.REVIEW}


def may_publish(person: "User | AnonymousUser") -> bool:
    """Publish, schedule and withdraw, and change what readers see."""
    return person.has_perm("articles.publish_article")


def may_edit(person: "User | AnonymousUser", article: Article | None = None) -> bool:
    """Change this article's text; without an article: some article's."""
    if not person.has_perm("articles.change_article"):
        return False
    return article is None or article.status in WRITERS_STATES or may_publish(person)
