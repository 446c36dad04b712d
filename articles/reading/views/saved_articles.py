"""Save an article for later, and the list of those that a reader saved."""

from typing import Any

from django.contrib import messages
from django.db.models import F, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.errors import Refused
from articles.publishing.models import Article
from articles.publishing.placed_pictures import load_lead_pictures
from articles.reading import saved_articles
from articles.reading.models import SavedArticle
from articles.web.decorators import SignedInRequest, page_or_fragment, signed_in
from articles.web.pagination import MAX_ID, paginate, parse_id


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def save(request: SignedInRequest, article_id: int) -> HttpResponse:
    """Save an article or remove it: a page for those who have just signed in, or for htmx the form alone."""
    visible = Article.objects.visible_to(request.user).defer("body", "body_html")
    article = get_object_or_404(visible, pk=min(article_id, MAX_ID))
    context: dict[str, Any] = {"article": article, "message": "", "refusal": None}
    if request.method == "POST":
        try:
            context["message"] = _change(request, article)
        except Refused as refusal:
            context["refusal"] = refusal
        else:
            if not request.htmx:
                messages.success(request, context["message"])
                return redirect(article)
    context["saved"] = saved_articles.is_saved(article, by=request.user)
    page, status = "reading/save_article.html", 422 if context["refusal"] else 200
    return page_or_fragment(request, page, f"{page}#answer", context, status=status)


def _change(request: SignedInRequest, article: Article) -> str:
    if request.POST.get("saved") == "no":
        saved_articles.remove(article.pk, by=request.user)
        return _("Removed from your saved articles.")
    saved_articles.save(article, by=request.user)
    return _("Saved for later.")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: SignedInRequest) -> HttpResponse:
    """List the saved articles that are still public, the latest saved first. POST carries `remove`, an article's id."""
    if request.method == "POST":
        saved_articles.remove(parse_id(request.POST.get("remove")) or 0, by=request.user)
        messages.success(request, _("Removed from your saved articles."))
        return redirect(request.get_full_path())
    saved = SavedArticle.objects.filter(reader=request.user, article=OuterRef("pk"))
    articles = (
        Article.objects.visible_to(request.user)
        .filter(pk__in=SavedArticle.objects.filter(reader=request.user).values("article"))
        .annotate(saved_at=Subquery(saved.values("saved_at")))
        .for_lists()
        .order_by(F("saved_at").desc(), "-pk")
    )
    page = paginate(articles, request)
    load_lead_pictures(page.items)
    return render(request, "reading/saved_articles.html", {"page": page})
