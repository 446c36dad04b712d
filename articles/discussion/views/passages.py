"""Responses to a paragraph, pull quote or picture, as a page or as a panel on the article's page."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.accounts.rules import may_comment
from articles.discussion.closing import closed_message
from articles.discussion.forms import CommentForm, comment_form
from articles.discussion.models import Comment, Passage
from articles.discussion.passages import passage_selection
from articles.discussion.passages.passage_links import annotated_piece, picture_links
from articles.discussion.passages.passage_responses import (
    PassageResponses,
    response_beside,
    responses_by_element,
    responses_to,
)
from articles.discussion.passages.passage_selection import Selection
from articles.discussion.threads import thread_page
from articles.publishing.models import Article, PicturePlacement
from articles.publishing.picture_html import figure
from articles.text.sanitizing import trusted
from articles.web.decorators import page_or_fragment, wants_fragment


@require_safe
def show(request: HttpRequest, article_id: int, place: str) -> HttpResponse:
    """Show the passage, its responses and a form. `words` selects a part, `before` tells occurrences apart."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    whole = passage_selection.selection_at(article, place)
    if whole is None:
        return _gone(request, article, place)
    in_panel = wants_fragment(request)
    words = request.GET.get("words", "").strip()
    chosen = passage_selection.narrow(whole, words, request.GET.get("before", "")) if words else whole
    context = {
        "article": article,
        "place": place,
        "passage": chosen or whole,
        "missed": chosen is None,
        "figure": _figure(article, whole),
        "closed": closed_message(article),
        "form": _form_for(request, article, chosen or whole, place),
        "responses": responses_to(article, place, viewer=request.user, after=request.GET.get("after"), beside=in_panel),
    }
    return page_or_fragment(request, "discussion/passage.html", "discussion/_passage.html", context)


def _figure(article: Article, selection: Selection) -> SafeString:
    """Return the picture to respond to, if it is one, as in the text."""
    placed = article.placements.for_pages().filter(picture=selection.picture).first() if selection.picture else None
    if placed is None:
        return trusted("")
    placed.role = PicturePlacement.Role.BODY
    return figure(placed, language=article.language)


def _picture_link(article: Article, responses: dict[str, PassageResponses], place: str) -> str:
    """Return the picture's link to respond, to replace the one on the page; empty if the picture is gone."""
    placements = list(article.placements.for_pages())
    links = picture_links(article, placements, responses)
    found = (links[placed.pk] for placed in placements if f"picture-{placed.picture_id}" == place)
    return next(found, "").strip().replace("<a ", f'<a hx-swap-oob="outerHTML:#{place} .respond-link" ', 1)


def _gone(request: HttpRequest, article: Article, place: str) -> HttpResponse:
    """Show that the passage was removed from the article; its responses are still in the discussion."""
    named = passage_selection.ELEMENT_ID.fullmatch(place)
    if named is None or not article.revisions.seen().exists():
        raise Http404
    block, picture = int(named["block"] or 0), int(named["picture"] or 0)
    on_picture = Passage.objects.filter(comment__article=article, picture=picture)
    if not (article.blocks.filter(pk=block).exists() or on_picture.exists()):
        raise Http404
    context = {"article": article, "place": place, "picture": picture}
    page, fragment = "discussion/passage_removed.html", "discussion/_passage_removed.html"
    # htmx doesn't swap in error responses.
    return page_or_fragment(
        request, page, fragment, context, status=200 if wants_fragment(request) else HTTPStatus.GONE
    )


def _form_for(request: HttpRequest, article: Article, selection: Selection, place: str) -> CommentForm | None:
    """Return the form for readers who may write, None for others."""
    if not may_comment(request.user):
        return None
    form = comment_form(article)
    if form is not None:
        form.set_passage(selection, place)
        form.uses_htmx = wants_fragment(request)
    return form


def response_posted(request: HttpRequest, comment: Comment, form: CommentForm) -> HttpResponse:
    """Insert a posted response into the panel and the discussion, or redirect to its page."""
    message, selection, place = _("Response posted."), form.selection, comment.passage.place
    assert selection is not None
    held = comment.state == Comment.State.HELD
    if held:
        message = _("Comment received. A moderator will review it before it appears.")
    if not wants_fragment(request):
        messages.success(request, message, extra_tags=form.draft_key)
        if held:
            return redirect(comment)
        if place:
            return redirect(f"{reverse('passage', args=[comment.article_id, place])}#comment-{comment.pk}")
        return redirect(f"{comment.article.get_absolute_url()}?sort=newest#comment-{comment.pk}")
    article = Article.objects.get(pk=comment.article_id)
    responses = responses_by_element(article)
    # If the article has changed since the panel was opened, the page keeps the text that the reader has read.
    unchanged = not article.revisions.seen().filter(number__gt=selection.revision.number).exists()
    piece = ""
    if selection.picture is not None:
        piece = _picture_link(article, responses, place)
    elif unchanged:
        piece = annotated_piece(article, responses, place)
    context = {
        "article": article,
        "comment": comment,
        "part": selection.part,
        "item": thread_page.render_item(comment, viewer=request.user),
        "beside": "" if held else response_beside(comment),
        "piece": trusted(piece.replace(f' id="{place}"', f' id="{place}" hx-swap-oob="true"', 1)),
        "number": responses[place].count if place in responses else 0,
        "message": message,
    }
    response = render(request, "discussion/_response_posted.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
