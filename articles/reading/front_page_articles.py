"""Which articles the front page shows, and where: the number of pins and the pictures choose the layout."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from articles.publishing.models import Article, Section
from articles.publishing.models.article import ArticleQuerySet
from articles.publishing.pinning import newest_except, pinned
from articles.publishing.placed_pictures import keep_pictures_apart, load_lead_pictures
from articles.text.excerpts import excerpt, plain_text
from articles.web.unions import primary_keys_of

SHORTEST_ROW, LONGEST_ROW = 2, 4  # Beneath the lead, on a laptop.
LATEST = 8  # As tall as the most discussed with their topics.
MAX_DISCUSSED = 3
DISCUSSED_WITHIN = timedelta(days=7)
MAX_BLOCKS = 9  # Sections. A page of more than 100 articles is not cached, see `web.local_cache`.
LINES_UNDER_PICTURE, LINES_UNDER_TEXT = 3, 6  # Headlines under the first article of a section: as tall together.
OPENING_HTML = 3000  # Characters that are read of a lead without a picture.
OPENING_LENGTH = 650  # Characters that are shown, to the end of their paragraph: two columns as tall as the standfirst.
MAX_OPENING = 900  # Characters, however long the paragraph.
PICTURES = {1: "half", 2: "half", 3: "third", 4: "quarter"}  # By the number of columns, see `publishing.picture_html`.
PARAGRAPH = re.compile(r'<p id="p\d+">(.*?)</p>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class SectionBlock:
    section: Section
    first: Article
    others: Sequence[Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPageArticles:
    lead: Article
    opening: Sequence[str]
    """The lead's first paragraphs, as plain text, in place of a picture."""
    row: Sequence[Article]
    latest: Sequence[Article]
    discussed: Sequence[Article]
    """The most discussed of the last days; may be shown elsewhere on the page as well."""
    blocks: Sequence[SectionBlock]
    """For each section, its newest articles that are not above."""

    @property
    def row_columns(self) -> int:
        return max(SHORTEST_ROW, len(self.row))

    @property
    def block_columns(self) -> int:
        """Three, or four where they leave fewer gaps."""
        number = len(self.blocks)
        return number if number <= 2 else min((3, 4), key=lambda columns: -number % columns)

    @property
    def row_picture(self) -> str:
        return PICTURES[self.row_columns]

    @property
    def block_picture(self) -> str:
        return PICTURES[self.block_columns]


def front_page_articles(visible: ArticleQuerySet, sections: Sequence[Section]) -> FrontPageArticles | None:
    """Choose among the articles that a reader may see, in five queries; None if there are none.

    The first pin is the lead. Two to four more fill a row of that length; otherwise the newest fill up a row of four.
    """
    pins = pinned(visible)
    row_length = len(pins) - 1 if SHORTEST_ROW <= len(pins) - 1 <= LONGEST_ROW else LONGEST_ROW
    # However many are pinned, the latest articles are shown as well.
    rest = max(LATEST, 1 + row_length + LATEST - len(pins))
    above = [*pins, *newest_except(visible, first=pins)[:rest]]
    if not above:
        return None
    lead, row, latest = above[0], above[1 : 1 + row_length], above[1 + row_length :]
    below = list(_below(visible, above, sections[:MAX_BLOCKS]))
    shown = {article.pk for article in above}
    blocks = [
        (section, articles[0], articles[1:])
        for section in sections
        if (articles := [article for article in below if article.section_id == section.pk and article.pk not in shown])
    ]
    load_lead_pictures([lead, *row, *(first for _section, first, _others in blocks)])
    keep_pictures_apart(row)
    return FrontPageArticles(
        lead=lead,
        opening=_opening(lead, below),
        row=row,
        latest=latest,
        discussed=_most_discussed({article.pk: article for article in (*below, *above)}.values()),
        blocks=[
            SectionBlock(section, first, others[: LINES_UNDER_PICTURE if first.lead_placements else LINES_UNDER_TEXT])
            for section, first, others in blocks
        ],
    )


def _below(visible: ArticleQuerySet, above: Sequence[Article], sections: Sequence[Section]) -> QuerySet[Article]:
    """Return the sections' newest that are not above, the most discussed, and the lead with its opening: one query."""
    others = visible.exclude(pk__in=[article.pk for article in above]).newest_first()
    wanted = primary_keys_of(
        Article.objects.filter(pk=above[0].pk),
        visible.filter(go_live_at__gte=timezone.now() - DISCUSSED_WITHIN).order_by("-comment_count", "-pk")[
            :MAX_DISCUSSED
        ],
        *(others.filter(section=section)[: 1 + LINES_UNDER_TEXT] for section in sections),
    )
    opening = Case(When(pk=above[0].pk, then=Substr("body_html", 1, OPENING_HTML)), default=Value(""))
    found = Article.objects.filter(pk__in=wanted).annotate(opening=opening)
    return found.for_lists(bylines=False).newest_first()


def _most_discussed(articles: Iterable[Article]) -> list[Article]:
    since = timezone.now() - DISCUSSED_WITHIN
    discussed = [one for one in articles if one.comment_count and one.go_live_at and one.go_live_at >= since]
    discussed.sort(key=lambda article: (article.comment_count, article.pk), reverse=True)
    return discussed[:MAX_DISCUSSED]


def _opening(lead: Article, found: Sequence[Article]) -> list[str]:
    if lead.lead_placements:
        return []
    html = next((getattr(article, "opening", "") for article in found if article.pk == lead.pk), "")
    paragraphs: list[str] = []
    length = 0
    for match in PARAGRAPH.finditer(html):
        if length >= OPENING_LENGTH:
            break
        paragraphs.append(excerpt(plain_text(match[1]), MAX_OPENING - length))
        length += len(paragraphs[-1])
    return paragraphs
