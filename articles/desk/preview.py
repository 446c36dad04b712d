"""Previews at the desk: live, of what stands in the form, of a saved article, and for someone with a preview link.

They are made with the renderer and the layout of the public page. `desk/_live_preview.html` asks for one as the editor
types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from articles.desk import preview_links
from articles.desk.autocomplete_field import LABEL_WITH_ID
from articles.desk.companion_form import take_lines
from articles.pictures.models import Picture
from articles.publishing import rules
from articles.publishing.block_identity import current_blocks, pair_blocks, successors_of
from articles.publishing.companions import MAX_ROWS
from articles.publishing.layout import compose, fill_places, lay_out, plain_body
from articles.publishing.link_index import without_dead_links
from articles.publishing.models import Article, Block, PicturePlacement, PullQuote, RelatedLink
from articles.publishing.picture_html import figure
from articles.publishing.pull_quote_check import ComparedText, check_quote, compared_blocks, containing_block
from articles.text.diff import difference
from articles.text.markdown import render_article, render_blocks
from articles.text.sanitizing import clean_line, clean_text, trusted
from articles.web.decorators import wants_fragment
from articles.web.pagination import parse_id


@dataclass(slots=True)
class Preview:
    """An unsaved article with its HTML and companions."""

    article: Article
    html: SafeString
    byline: list[str] = field(default_factory=list)
    boxes: dict[int, RelatedLink] = field(default_factory=dict)
    quotes: list[PullQuote] = field(default_factory=list)
    pictures: list[PicturePlacement] = field(default_factory=list)

    @property
    def differing_quotes(self) -> list[SafeString]:
        """Return the differences from the article of each altered pull quote that is unresolved."""
        return [difference(quote.nearest_text, quote.text) for quote in self.quotes if quote.unresolved]

    @property
    def lead_picture(self) -> str:
        language = self.article.language
        return next((figure(placed, language=language) for placed in self.pictures if placed.is_lead), "")

    @property
    def boxes_at_end(self) -> list[RelatedLink]:
        return [box for box in self.boxes.values() if box.after_id is None]


def preview_saved(article: Article) -> Preview:
    """Return a preview of the saved article."""
    boxes = {box.pk: box for box in article.related_links.select_related("target")}
    byline = [str(line.author) for line in article.bylines.select_related("author")]
    html = without_dead_links(lay_out(article), article)
    return Preview(article, html, byline, boxes, pictures=list(article.placements.for_pages()))


def preview_posted(article: Article | None, form: QueryDict) -> Preview:
    """Return a preview of the article in the form, leaving out fields that can't be parsed."""
    shown = Article(
        headline=clean_line(form.get("headline", "")),
        standfirst=clean_line(form.get("standfirst", "")),
        place=clean_line(form.get("place", "")),
        language=form.get("language", "en")[:15],
        dated=_date(form.get("dated", "")),
    )
    blocks, followers = _blocks(article, form.get("body", ""), shown.language)
    quotes = _quotes(form, followers, blocks)
    boxes = _boxes(form, followers)
    pictures = _pictures(form, followers)
    lost = article.lost_links.all() if article else ()
    html = compose(
        blocks,
        pictures=pictures,
        quotes=quotes,
        related=boxes.values(),
        lost=lost,
        place=shown.place,
        language=shown.language,
    )
    return Preview(shown, without_dead_links(html, article or Article()), _byline(form), boxes, quotes, pictures)


def _blocks(article: Article | None, body: str, language: str) -> tuple[list[Block], Mapping[int, Block | None]]:
    """Return the body's blocks, known ones with their ids, and the block that replaces each saved one."""
    rendered = render_blocks(clean_text(body).strip(), language)
    old = current_blocks(article) if article else []
    known = pair_blocks(old, rendered)
    now = []
    for position, block in enumerate(rendered):
        pk = known[position].pk if position in known else -1 - position
        now.append(Block(pk=pk, position=position, source=block.source, html=block.html))
    followers: dict[int, Block | None] = {block.pk: block for block in now}
    return now, {**followers, **successors_of(old, now)}


def _rows(form: QueryDict, prefix: str) -> list[dict[str, str]]:
    """Return the rows of an inline in order, without those marked for deletion."""
    total = form.get(f"{prefix}-TOTAL_FORMS", "0")
    rows: list[dict[str, str]] = []
    for index in range(min(parse_id(total) or 0, MAX_ROWS)):
        start = f"{prefix}-{index}-"
        row = {name.removeprefix(start): form.get(name, "") for name in form if name.startswith(start)}
        if "DELETE" not in row:
            rows.append(row)
    return sorted(rows, key=lambda row: parse_id(row.get("order")) or 0)


def _quotes(form: QueryDict, followers: Mapping[int, Block | None], blocks: list[Block]) -> list[PullQuote]:
    body, compared = ComparedText(plain_body(blocks)), compared_blocks(blocks)
    quotes = []
    for number, row in enumerate(_rows(form, "pull_quotes"), start=1):
        if not (text := clean_text(row.get("text", "")).strip()):
            continue
        quote = PullQuote(
            pk=number,
            text=text,
            speaker=row.get("speaker", ""),
            role=row.get("role", ""),
            speaker_confirmed="speaker_confirmed" in row,
            after_id=_block_id(row, followers),
            confirmation_reason=clean_line(row.get("confirmation_reason", "")),
        )
        check_quote(quote, body)
        if quote.after_id is None and (home := containing_block(quote, compared)):
            quote.after_id = home.pk
        quotes.append(quote)
    return quotes


def _pictures(form: QueryDict, followers: Mapping[int, Block | None]) -> list[PicturePlacement]:
    rows = _rows(form, "placements")
    pictures = Picture.objects.in_bulk({number for row in rows if (number := _id_in_label(row.get("picture", "")))})
    return [
        PicturePlacement(
            pk=number,
            picture=picture,
            role=role if (role := row.get("role", "")) in PicturePlacement.Role else PicturePlacement.Role.BODY,
            alt=clean_line(row.get("alt", "")),
            is_decorative="is_decorative" in row,
            caption=clean_line(row.get("caption", "")),
            after_id=_block_id(row, followers),
        )
        for number, row in enumerate(rows, start=1)
        if (picture := pictures.get(_id_in_label(row.get("picture", "")) or 0))
    ]


def _boxes(form: QueryDict, followers: Mapping[int, Block | None]) -> dict[int, RelatedLink]:
    rows = _rows(form, "related_links")
    targets = Article.objects.in_bulk({number for row in rows if (number := _id_in_label(row.get("target", "")))})
    boxes: dict[int, RelatedLink] = {}
    for number, row in enumerate(rows, start=1):
        target = targets.get(_id_in_label(row.get("target", "")) or 0)
        headline = clean_line(row.get("headline", "")) or (target.headline if target else "")
        if headline:
            boxes[number] = RelatedLink(
                pk=number,
                label=clean_line(row.get("label", "")),
                headline=headline,
                target=target,
                url=row.get("url", ""),
                after_id=_block_id(row, followers),
            )
    return boxes


def _byline(form: QueryDict) -> list[str]:
    """Return the names in the form, without the numbers that tell namesakes apart."""
    names = [clean_line(row.get("author", "")) for row in _rows(form, "bylines")]
    return [LABEL_WITH_ID.sub(r"\g<name>", name) for name in names if name]


def _id_in_label(text: str) -> int | None:
    found = LABEL_WITH_ID.match(clean_line(text))
    return int(found["number"]) if found else None


def _block_id(row: Mapping[str, str], followers: Mapping[int, Block | None]) -> int | None:
    after = row.get("after", "")
    block = followers.get(int(after) if after.removeprefix("-").isdecimal() else 0)
    return block.pk if block else None


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _require_may_preview(request: HttpRequest, article: Article | None) -> None:
    """Raise 404 rather than 403 for those who may not edit: this doesn't reveal that a draft exists."""
    may_preview = rules.may_edit(request.user, article) if article else request.user.has_perm("articles.add_article")
    if not (request.user.is_staff and may_preview):
        raise Http404


@never_cache
@require_safe
def show_saved(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the saved text of an article that may not be public yet."""
    article = get_object_or_404(Article.objects.select_related("section", "source"), pk=article_id)
    _require_may_preview(request, article)
    link = preview_links.create_link(article, by=request.user)
    return render_preview(request, preview_saved(article), link=link)


@never_cache
@require_safe
def shared_draft(request: HttpRequest, token: str) -> HttpResponse:
    """Show a draft to someone with a preview link, without links to the desk."""
    try:
        article = preview_links.article_from_token(token)
    except preview_links.Expired:
        return _prevent_indexing(render(request, "desk/preview_link_expired.html", status=HTTPStatus.GONE))
    if article is None:
        raise Http404
    if article.is_public:
        return redirect(article)
    return render_preview(request, preview_saved(article), is_shared=True)


@never_cache
@require_POST
def show_posted(request: HttpRequest, article_id: int | None = None) -> HttpResponse:
    """Show the text in the form, as a fragment beside it or, without JavaScript, as a page."""
    article = get_object_or_404(Article, pk=article_id) if article_id else None
    _require_may_preview(request, article)
    posted = take_lines(request.POST, current_blocks(article) if article else ()).data
    return render_preview(request, preview_posted(article, posted))


@never_cache
@require_POST
def show_site_page(request: HttpRequest) -> HttpResponse:
    """Show a site page as it will look."""
    if not (request.user.is_staff and request.user.has_perm("articles.change_sitepage")):
        raise Http404
    html = trusted(render_article(clean_text(request.POST.get("body", ""))))
    context = {"title": request.POST.get("title", ""), "html": html}
    name = "desk/_site_page_preview.html" if wants_fragment(request) else "desk/preview_site_page.html"
    return _prevent_indexing(render(request, name, context))


def render_preview(
    request: HttpRequest,
    preview: Preview,
    *,
    link: preview_links.PreviewLink | None = None,
    is_shared: bool = False,
    back_to: str = "",
) -> HttpResponse:
    """Render a preview. `back_to` is the page that links to it; without one, the article's form."""

    def box(number: int) -> str:
        if number not in preview.boxes:
            return ""
        return render_to_string(
            "desk/_also_on_box.html",
            {"box": preview.boxes[number], "language": preview.article.language, "is_shared": is_shared},
        )

    context = {
        "article": preview.article,
        "preview": preview,
        "body": fill_places(preview.html, box=box, pictures=preview.pictures, language=preview.article.language),
        "lead_picture": preview.lead_picture,
        "link": link,
        "is_shared": is_shared,
        "back_to": back_to,
    }
    name = "desk/_preview.html" if wants_fragment(request) else "desk/preview.html"
    return _prevent_indexing(render(request, name, context))


def _prevent_indexing(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # Links in a draft don't reveal its URL.
    response["Vary"] = "HX-Request, Cookie"
    return response
