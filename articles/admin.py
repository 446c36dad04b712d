"""Import the admin classes of all packages, so that Django's autodiscovery finds them."""

from articles.accounts import admin as accounts
from articles.desk import article_admin, author_admin, link_desk, picture_admin, pin_admin
from articles.discussion import admin as discussion
from articles.importing import admin as importing
from articles.publishing import admin as publishing
from articles.topics import admin as topics

__all__ = [
    "accounts",
    "article_admin",
    "author_admin",
    "discussion",
    "importing",
    "link_desk",
    "picture_admin",
    "pin_admin",
    "publishing",
    "topics",
]
