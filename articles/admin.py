"""Register: Django finds the admin classes of all rooms here."""

from articles.accounts import admin as accounts
from articles.desk import articles as desk
from articles.desk import links, pins
from articles.discussion import admin as discussion
from articles.importing import admin as importing
from articles.publishing import admin as publishing
from articles.topics import admin as topics

__all__ = ["accounts", "desk", "discussion", "importing", "links", "pins", "publishing", "topics"]
