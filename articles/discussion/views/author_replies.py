"""Page of the authors' comments on an article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.discussion.author_replies import author_replies_page
from articles.publishing.models import Article


@require_safe
def show(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    page = author_replies_page(article, viewer=request.user, after=request.GET.get("after"))
    return render(request, "discussion/author_replies.html", {"article": article, "page": page})
