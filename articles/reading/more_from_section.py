"""“More from …” under an article: the newest of its section, the same for every reader."""

from articles.publishing.models import Article
from articles.publishing.page_cache import expire_with_lists
from articles.web.local_cache import response_cache
from articles.web.page_versions import LISTS

MOST = 4
# Read as values, not as articles: a page that shows their headlines is no older for a comment on one of them.
FIELDS = ("id", "headline", "slug", "language", "dated", "dated_at")


def more_from_section(article: Article) -> list[Article]:
    """Return the newest other articles of the section, with what a headline shows; one query for all its articles."""
    section_id = article.section_id
    if section_id is None:
        return []
    newest = response_cache().get_or_set(("section", section_id), lambda: _newest_of(section_id), shows=(LISTS,))
    return [other for other in newest if other.pk != article.pk][:MOST]


def _newest_of(section_id: int) -> list[Article]:
    expire_with_lists()
    rows = Article.objects.public().filter(section=section_id).newest_first().values(*FIELDS)
    return [Article(**row) for row in rows[: MOST + 1]]
