"""What stands beside the paragraphs of an article: the way to respond, how many did, and a wash on their words."""

import re
from html import escape

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.discussion.margins import Talk
from articles.publishing.models import Article
from articles.text.washing import wash

# Our own layout puts each block, pull quote and box on a line of its own; only it writes ids.
PIECES = re.compile(r'\n(?=<\w+[^>]* id="(?:p|quote-)\d+"|<!--)')
# What can be responded to: not headings, rules and code.
RESPONDABLE = re.compile(r'<(?:p|ul|ol|blockquote|aside)\b[^>]* id="(p\d+|quote-\d+)"')
ENDS = re.compile(r"(?:\s*</(?:p|li|ul|ol|blockquote)>)+\s*$")


def annotated(article: Article, talk: dict[str, Talk]) -> str:
    """The laid-out body with what is said about it. The same for all readers."""
    return "\n".join(_pieces(article, talk).values())


def annotated_piece(article: Article, talk: dict[str, Talk], place: str) -> str:
    """One paragraph or pull quote of it; nothing if it is not there."""
    return _pieces(article, talk).get(place, "")


def _pieces(article: Article, talk: dict[str, Talk]) -> dict[str, str]:
    pieces: dict[str, str] = {}
    paragraphs = 0
    for number, html in enumerate(PIECES.split(article.body_html)):
        found = RESPONDABLE.match(html)
        if found is None:
            pieces[str(number)] = html
            continue
        place = found[1]
        paragraphs += place.startswith("p")
        about = talk.get(place, Talk())
        link = _link(article, place, about.count, paragraphs) if about.count or article.takes_comments else ""
        pieces[place] = _annotated(html, about, link, is_quote=not place.startswith("p"))
    return pieces


def _annotated(html: str, about: Talk, link: str, *, is_quote: bool) -> str:
    if is_quote:  # Its words are its first paragraph; who said them stands in the next.
        words, end, rest = html.partition("</p>")
        return wash(words, about.spans) + link + end + rest
    html = wash(html, about.spans) if about.spans else html
    at = ends.start() if (ends := ENDS.search(html)) else len(html)
    return html[:at] + link + html[at:]


def _link(article: Article, place: str, count: int, number: int) -> str:
    """As few bytes as will do: there is one for each paragraph. A no-break space keeps it at the last word."""
    where = _("paragraph %(number)d") % {"number": number} if place.startswith("p") else _("the pull quote")
    if count:
        said = ngettext("%(count)d response to %(where)s", "%(count)d responses to %(where)s", count)
        name, shown = said % {"count": count, "where": where}, str(count)
    else:
        name, shown = _("Respond to %(where)s") % {"where": where}, f"<span>{escape(_('Respond'))}</span>"
    url = reverse("passage", args=[article.pk, place])
    return f'\u00a0<a class="re" href="{url}" rel="nofollow" aria-label="{escape(name)}">{shown}</a>'
