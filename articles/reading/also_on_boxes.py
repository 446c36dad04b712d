"""Render “Also on” boxes: a link, or the headline with a note if the link is lost.

A box that links to one of our articles has its headline, so there is none until that article is public.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.publishing.link_index import dead_box
from articles.publishing.models import Article, RelatedLink
from articles.text.markdown import typographic
from articles.text.sanitizing import trusted
from articles.web.prepared_query import Parameter, PreparedQuery

SHOWN_FIELDS = [
    *("label", "headline", "url", "after", "article"),
    *(f"target__{name}" for name in ("dated", "slug", "status", "go_live_at", "language")),
]

_RELATED_LINKS = PreparedQuery(
    lambda: (
        RelatedLink.objects.filter(article=Parameter("article"))
        .select_related("target")
        .annotate(is_dead=dead_box)
        .only(*SHOWN_FIELDS)
    )
)


def related_links_of(article: Article) -> Sequence[RelatedLink]:
    """Return an article's boxes in one query, with no more of their targets than a box shows."""
    return _RELATED_LINKS.rows(article=article.pk)


def boxes_at_end(links: Iterable[RelatedLink], boxes: Mapping[int, SafeString]) -> list[SafeString]:
    """Return the rendered boxes that follow no paragraph, without those that readers don't see."""
    return [boxes[link.pk] for link in links if link.after_id is None and boxes[link.pk]]


def render_box(link: RelatedLink, *, is_dead: bool, language: str) -> SafeString:
    """Render one box; nothing if its target isn't public.

    Its headline stays as it was when it was linked, even if the target has a new one.
    """
    headline = typographic(link.headline, language)
    target = link.target
    if target is not None and not target.is_public:
        return trusted("")
    if target is not None:
        inner = format_html('<a href="{}" dir="auto">{}</a>', target.get_absolute_url(), headline)
    elif link.web_url and not is_dead:
        inner = format_html('<a href="{}" rel="noopener" dir="auto">{}</a>', link.web_url, headline)
    else:
        note = _("This link no longer works.") if link.url else _("The original link is missing.")
        inner = format_html('<b dir="auto">{}</b> <span class="note">{}</span>', headline, note)
    return format_html('<div class="related-box"><span class="label">{}</span>{}</div>', link.shown_label, inner)
