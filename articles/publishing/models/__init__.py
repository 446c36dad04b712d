"""The article, what stands beside its text, and its history."""

from articles.publishing.models.addresses import FormerAddress
from articles.publishing.models.article import Article, Author, Block, Byline, Section, Source
from articles.publishing.models.companions import LostLink, PullQuote, RelatedLink
from articles.publishing.models.history import Correction, Revision
from articles.publishing.models.links import Link, LinkTarget
from articles.publishing.models.notes import DeskNote
from articles.publishing.models.pins import Pin
from articles.publishing.models.texts import StandingText
from articles.publishing.models.writing import Writing

__all__ = [
    "Article",
    "Author",
    "Block",
    "Byline",
    "Correction",
    "DeskNote",
    "FormerAddress",
    "Link",
    "LinkTarget",
    "LostLink",
    "Pin",
    "PullQuote",
    "RelatedLink",
    "Revision",
    "Section",
    "Source",
    "StandingText",
    "Writing",
]
