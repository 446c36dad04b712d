"""Versions of what readers' pages show, kept by the database itself.

A row for each article, one for the whole site and one for all lists of articles. Triggers give it a new random version
in the transaction that changes something shown there (`articles.reading.page_triggers`), whoever writes: a view, the
admin, a shell or plain SQL. Random, since a count would come to the same number again after an older backup was
restored.
"""

from collections.abc import Collection

from django.db import connection, models

SITE = -1
"""What every page shows or depends on: sections, the site's own pages, names of topics and authors, permissions."""
LISTS = -2
"""What lists of articles show: which are public, their headlines, dates, bylines and pins."""


class PageVersion(models.Model):
    """A version of an article (by its id), of the site or of the lists.

    On PostgreSQL a page may have several rows, and its version is all of them together: a transaction takes one that no
    other holds, or adds one, so that two writers never wait for each other.
    """

    page = models.BigIntegerField(db_index=True)
    version = models.BigIntegerField()
    transaction = models.BigIntegerField(default=0)
    """On PostgreSQL the transaction that wrote it, so that each transaction writes it once."""
    purged = models.BigIntegerField(default=0, db_default=0)
    """The version of which a content delivery network was told last, see `web.cdn`."""

    def __str__(self) -> str:
        return f"{self.page}: {self.version}"


def read_versions(pages: Collection[int]) -> dict[int, int]:
    """Return the versions of pages in one query: 0 for an article that never changed; nothing without one of SITE.

    Migrations take the row of SITE away with the triggers: while there is none, nothing may be cached.
    """
    version = "bit_xor(version)" if connection.vendor == "postgresql" else "version"
    group = " GROUP BY page" if connection.vendor == "postgresql" else ""
    places = ", ".join(["%s"] * len(pages))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT page, {version} FROM articles_pageversion WHERE page IN ({places}){group}", [*pages])  # noqa: S608
        found = dict(cursor.fetchall())
    return {page: found.get(page, 0) for page in pages} if SITE in found else {}
