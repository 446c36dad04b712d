"""Preview pages and fragments."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from articles.desk import preview_links, previews
from articles.publishing import rules
from articles.publishing.layout import fill_places
from articles.publishing.models import Article
from articles.text.markdown import render_article
from articles.text.sanitizing import clean_text, trusted
from articles.web.decorators import wants_fragment


def _require_may_preview(request: HttpRequest, article: Article | None) -> None:
    """Raise 404 rather than 403 for those who may not edit: this doesn't reveal that a draft exists."""
    may_preview = rules.may_edit(request.user, article) if article else request.user.has_perm("articles.add_article")
    if not (request.user.is_staff and may_preview):
        raise Http404


@never_cache
@require_safe
def preview(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the saved text of an article that may not be public yet."""
    article = get_object_or_404(Article.objects.select_related("section", "source"), pk=article_id)
    _require_may_preview(request, article)
    link = preview_links.create_link(article, by=request.user)
    return _render_preview(request, previews.preview_saved(article), link=link)


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
    return _render_preview(request, previews.preview_saved(article), is_shared=True)


@never_cache
@require_POST
def preview_posted(request: HttpRequest, article_id: int | None = None) -> HttpResponse:
    """Show the text in the form, as a fragment beside it or, without JavaScript, as a page."""
    article = get_object_or_404(Article, pk=article_id) if article_id else None
    _require_may_preview(request, article)
    return _render_preview(request, previews.preview_posted(article, request.POST))


@never_cache
@require_POST
def preview_site_page(request: HttpRequest) -> HttpResponse:
    """Show a site page as it will look."""
    if not (request.user.is_staff and request.user.has_perm("articles.change_sitepage")):
        raise Http404
    html = trusted(render_article(clean_text(request.POST.get("body", ""))))
    context = {"title": request.POST.get("title", ""), "html": html}
    name = "desk/_site_page_preview.html" if wants_fragment(request) else "desk/preview_site_page.html"
    return _prevent_indexing(render(request, name, context))


def _render_preview(
    request: HttpRequest,
    preview: previews.Preview,
    *,
    link: preview_links.PreviewLink | None = None,
    is_shared: bool = False,
) -> HttpResponse:
    def box(number: int) -> str:
        if number not in preview.boxes:
            return ""
        return render_to_string(
            "desk/_also_box.html",
            {"box": preview.boxes[number], "language": preview.article.language, "is_shared": is_shared},
        )

    context = {
        "article": preview.article,
        "preview": preview,
        "body": fill_places(preview.html, box=box, pictures=preview.pictures, language=preview.article.language),
        "lead_picture": preview.lead_picture,
        "link": link,
        "is_shared": is_shared,
    }
    name = "desk/_preview.html" if wants_fragment(request) else "desk/preview.html"
    return _prevent_indexing(render(request, name, context))


def _prevent_indexing(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # Links in a draft don't reveal its URL.
    response["Vary"] = "HX-Request, Cookie"
    return response
