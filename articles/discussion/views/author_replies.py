"""What the article's author said in the discussion, on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.discussion.author_replies import answers_page
from articles.publishing.models import Article


@require_safe
def show(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    page = answers_page(article, viewer=request.user, after=request.GET.get("after"))
    return render(request, "discussion/answers.html", {"article": article, "page": page})
