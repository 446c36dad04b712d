"""One paragraph or pull quote with what readers said about it: a page, or a panel in the article's own page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.accounts.rules import may_write
from articles.discussion.closing_notice import why_closed
from articles.discussion.forms import CommentForm, comment_form
from articles.discussion.models import Comment
from articles.discussion.passages import passage_tracking
from articles.discussion.passages.passage_links import annotated_piece
from articles.discussion.passages.passage_responses import response_beside, responses_to, talk_of
from articles.discussion.passages.passage_tracking import Excerpt
from articles.discussion.threads import thread_page
from articles.publishing.models import Article
from articles.text.sanitizing import trusted
from articles.web.decorators import wants_fragment

GONE = 410


@require_safe
def show(request: HttpRequest, article_id: int, place: str) -> HttpResponse:
    """The words, the responses, and a form for those who may write. `words` narrows it, `before` says which of them."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    whole = passage_tracking.excerpt_at(article, place)
    if whole is None:
        return _gone(request, article, place)
    beside = wants_fragment(request)
    words = request.GET.get("words", "").strip()
    chosen = passage_tracking.narrowed(whole, words, request.GET.get("before", "")) if words else whole
    context = {
        "article": article,
        "place": place,
        "passage": chosen or whole,
        "missed": chosen is None,
        "closed": why_closed(article),
        "form": _form_for(request, article, chosen or whole, place),
        "responses": responses_to(article, place, viewer=request.user, after=request.GET.get("after"), beside=beside),
    }
    return _answer(request, "discussion/_passage.html" if beside else "discussion/passage.html", context)


def _gone(request: HttpRequest, article: Article, place: str) -> HttpResponse:
    """What once stood there is gone, its responses are not: they stand in the discussion."""
    named = passage_tracking.PLACE.fullmatch(place)
    if named is None or not article.blocks.filter(pk=int(named["block"] or 0)).exists():
        raise Http404
    if not article.revisions.seen().exists():
        raise Http404
    context = {"article": article, "place": place}
    template = "discussion/_passage_gone.html" if wants_fragment(request) else "discussion/passage_gone.html"
    # htmx would not show what comes with an error, and there is something to be read.
    return _answer(request, template, context, status=200 if wants_fragment(request) else GONE)


def _form_for(request: HttpRequest, article: Article, excerpt: Excerpt, place: str) -> CommentForm | None:
    """Only for those whose words would be taken: a banned reader reads."""
    if not may_write(request.user):
        return None
    form = comment_form(article)
    if form is not None:
        form.respond(excerpt, place)
        form.quick = wants_fragment(request)
    return form


def responded(request: HttpRequest, comment: Comment, form: CommentForm) -> HttpResponse:
    """A response was posted: into the panel that it was written in and the discussion below, or on to its page."""
    said, excerpt, place = _("Your response is posted."), form.excerpt, comment.passage.place
    assert excerpt is not None
    if not wants_fragment(request):
        messages.success(request, said, extra_tags=form.draft)
        if place:
            return redirect(f"{reverse('passage', args=[comment.article_id, place])}#comment-{comment.pk}")
        return redirect(f"{comment.article.get_absolute_url()}?sort=newest#comment-{comment.pk}")
    article = Article.objects.get(pk=comment.article_id)
    talk = talk_of(article)
    # Where the article has changed since the panel was opened, its page keeps the text that its reader has before them.
    unchanged = not article.revisions.seen().filter(number__gt=excerpt.revision.number).exists()
    piece = annotated_piece(article, talk, place) if unchanged else ""
    context = {
        "article": article,
        "comment": comment,
        "part": excerpt.part,
        "item": thread_page.item_for(comment, viewer=request.user),
        "beside": response_beside(comment),
        "piece": trusted(piece.replace(f' id="{place}"', f' id="{place}" hx-swap-oob="true"', 1)),
        "number": talk[place].count if place in talk else 0,
        "said": said,
    }
    return _answer(request, "discussion/_responded.html", context)


def _answer(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
