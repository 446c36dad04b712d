"""Models of articles, their companions, links and revisions."""

from articles.publishing.models.article import Article, Author, Block, Byline, Section, Source
from articles.publishing.models.autosave import Autosave
from articles.publishing.models.community_rules import Clause, RulesVersion
from articles.publishing.models.companions import LostLink, PicturePlacement, PullQuote, RelatedLink
from articles.publishing.models.desk_note import DeskNote
from articles.publishing.models.headline_image import HeadlineImage
from articles.publishing.models.link import Link, LinkTarget
from articles.publishing.models.pin import Pin
from articles.publishing.models.read_count import ReadCount
from articles.publishing.models.revision import Correction, Revision
from articles.publishing.models.site_page import SitePage
from articles.publishing.models.site_settings import SiteSettings
from articles.publishing.models.slug_redirect import RenamedSlug, SlugRedirect

__all__ = [
    "Article",
    "Author",
    "Autosave",
    "Block",
    "Byline",
    "Clause",
    "Correction",
    "DeskNote",
    "HeadlineImage",
    "Link",
    "LinkTarget",
    "LostLink",
    "PicturePlacement",
    "Pin",
    "PullQuote",
    "ReadCount",
    "RelatedLink",
    "RenamedSlug",
    "Revision",
    "RulesVersion",
    "Section",
    "SitePage",
    "SiteSettings",
    "SlugRedirect",
    "Source",
]
