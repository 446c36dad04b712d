"""Permissions for editing and publishing articles."""

from typing import TYPE_CHECKING

from articles.publishing.models import Article

if TYPE_CHECKING:
    from articles.accounts.models import User, Viewer
    from articles.pictures.models import Picture

# What someone without the publish permission may edit: readers have not seen it.
WRITERS_STATES = {Article.Status.DRAFT, Article.Status.REVIEW}


def may_publish(person: "Viewer") -> bool:
    """Return whether a person may publish, schedule, withdraw and edit published articles."""
    return person.has_perm("articles.publish_article")


def may_edit(person: "Viewer", article: Article | None = None) -> bool:
    """Return whether a person may edit this article, or any article if none is given."""
    if not person.has_perm("articles.change_article"):
        return False
    return article is None or article.status in WRITERS_STATES or may_publish(person)


def may_upload_pictures(person: "User") -> bool:
    return person.is_staff and not person.is_banned and person.has_perm("articles.add_picture")


def may_edit_picture(person: "Viewer", picture: "Picture | None" = None) -> bool:
    """Return whether a person may edit this picture, or any if none is given.

    What is said of a picture is read wherever it stands: a writer may edit those that stand in drafts only.
    """
    if not person.has_perm("articles.change_picture"):
        return False
    if picture is None or may_publish(person):
        return True
    return not picture.placements.exclude(article__status__in=WRITERS_STATES).exists()
