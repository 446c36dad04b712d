"""Posting comments and replies."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.discussion import closing, comment_limits, posting, quote_reply
from articles.discussion.comment_controls import public_html
from articles.discussion.forms import CommentForm, TextForm, comment_form
from articles.discussion.models import Comment
from articles.discussion.passages import passage_selection, passage_tracking
from articles.discussion.threads import thread_page
from articles.discussion.views import comment_preview
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    ActionForm,
    focused,
    get_comment,
    gone_page,
    reader_of,
    refused,
    show_action,
    show_ban,
)
from articles.discussion.views.passages import response_posted
from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.text.sanitizing import trusted
from articles.web.csrf_recovery import recovers_form, retry_message
from articles.web.decorators import page_or_fragment, sign_in_first, signed_in, wants_fragment
from articles.web.prepared_query import Parameter, PreparedQuery


def show_form(
    request: HttpRequest, form: TextForm, article: Article, *, status: int = 200, preview: str = ""
) -> HttpResponse:
    """Render the form as a fragment, or as a page with the comment it replies to."""
    context = {"form": form, "article": article, "preview": preview, "signed_out": not request.user.is_authenticated}
    if wants_fragment(request):
        context["focus"] = True
    else:
        form.uses_htmx = False
        replying_to = getattr(form, "replying_to", None)
        if replying_to is not None:
            context["html"] = trusted(f"<li>{public_html(replying_to)}</li>")
    page, fragment = "discussion/comment_form.html", "discussion/_comment_form.html"
    return page_or_fragment(request, page, fragment, context, status=status)


def _return_form(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the form again after the session ended or changed."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    form = bind_form(request, article)
    form.refusal = retry_message(request)
    return show_form(request, form, article, status=UNPROCESSABLE)


def bind_form(request: HttpRequest, article: Article) -> CommentForm:
    """Return the validated form with its parent comment and passage."""
    form = CommentForm(request.POST, article=article)
    form.is_valid()
    wanted = form.cleaned_data.get("parent")
    form.set_parent(_shown_comment(article, wanted) if wanted else None)
    _find_passage(form)
    return form


def _shown_comment(article: Article, pk: int) -> Comment | None:
    """Return a comment that the form may show above itself: the text of a held one must not."""
    return Comment.objects.in_threads().select_related("author").filter(article=article, pk=pk).first()


def _find_passage(form: CommentForm) -> None:
    """Set the passage that the form responds to, narrowed to the words that were entered."""
    selection = passage_selection.selection_from_key(form.article, form.cleaned_data.get("passage", ""))
    if selection is None:
        return
    words = form.cleaned_data.get("words", "")
    chosen = passage_selection.narrow(selection, words) if words else selection
    if chosen is None:
        reason = _("That text isn’t in the passage. Copy it exactly from above, or leave the field blank.")
        form.add_error("words", reason)
    form.set_passage(chosen or selection, passage_tracking.locate(form.article, selection).place)


_ARTICLE = PreparedQuery(
    lambda: Article.objects.visible_to(AnonymousUser(), at=Parameter("now", DateTimeField())).filter(
        pk=Parameter("article")
    )
)
_READ_REVISION = PreparedQuery(
    lambda: (
        Revision.objects.seen(at=Parameter("at", DateTimeField()))
        .filter(article=Parameter("article"))
        .only("pk")
        .order_by("-number")[:1]
    )
)


@recovers_form(_return_form)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, article_id: int) -> HttpResponse:
    """Post a comment or, with `parent`, a reply. The form is shown again with its text whatever goes wrong."""
    article = next(iter(_ARTICLE.rows(article=article_id, now=timezone.now())), None)
    if article is None:
        raise Http404
    if request.method == "GET":  # Readers return here after signing in to comment.
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return redirect(article.get_absolute_url() + "#talk")
    if not request.user.is_authenticated:
        return _return_form(request, article_id)
    form = bind_form(request, article)
    if "preview" in request.POST:
        return show_form(request, form, article, preview=comment_preview.render_preview(form.text))
    if form.errors:
        return show_form(request, form, article, status=UNPROCESSABLE)
    try:
        if form.cleaned_data.get("parent") and form.replying_to is None:
            gone = _("The comment you’re replying to is no longer available. You can post this as a new comment.")
            raise Refused(gone, field="parent")
        if form.cleaned_data.get("passage") and form.selection is None:
            gone = _("The passage you’re responding to isn’t in the article. You can post this as a new comment.")
            raise Refused(gone, field="passage")
        comment = posting.post_comment(
            article=article,
            author=reader_of(request),
            body=form.text,
            token=form.token_value,
            parent=form.replying_to,
            read_revision=_read_revision(article, form),
            begun_at=form.made_at,
            passage=form.selection,
        )
    except Refused as refusal:
        form.refusal = refusal.reason
        if refusal.field == "parent":
            form.set_parent(None)
        elif refusal.field == "token":
            form.renew_token()
        return refused(show_form(request, form, article), refusal)
    return _posted(request, comment, form)


def _read_revision(article: Article, form: CommentForm) -> Revision | None:
    """Return the revision that was public when the form was created, or that of the selected passage."""
    if form.selection is not None:
        return form.selection.revision
    return next(iter(_READ_REVISION.rows(article=article.pk, at=form.made_at)), None)


def _posted(request: HttpRequest, comment: Comment, form: CommentForm) -> HttpResponse:
    if form.selection is not None:
        return response_posted(request, comment, form)
    message = _("Reply posted.") if comment.parent_id else _("Comment posted.")
    if comment.state == Comment.State.HELD:
        message = _("Comment received. A moderator will review it before it appears.")
    if comment.replies_to_earlier_version:
        message += " " + _("The comment was edited while you were writing, and your reply says so.")
    if not wants_fragment(request):
        messages.success(request, message, extra_tags=form.draft_key)
        if comment.parent_id or comment.state == Comment.State.HELD:
            return redirect(comment)
        return redirect(f"{comment.article.get_absolute_url()}?sort=newest#comment-{comment.pk}")
    article = Article.objects.defer("body", "body_html", "held_reason").get(pk=comment.article_id)
    context = {
        "comment": comment,
        "item": focused(thread_page.render_item(comment, viewer=request.user), "<li"),
        "count": article.comment_count,
        "form": None if comment.parent_id else comment_form(article),
        "message": message,
    }
    response = render(request, "discussion/_comment_posted.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET"])
@signed_in
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the reply form. `quote` starts it with a quotation of the comment, or of the selected `words`."""
    comment = get_comment(request, comment_id)
    if gone := gone_page(request, comment):
        return gone
    if banned := show_ban(request, comment, _("Reply"), to_comment=True):
        return banned
    form = comment_form(comment.article, parent=comment)
    if comment.state != Comment.State.VISIBLE or form is None:
        url = comment.get_absolute_url()
        act = ActionForm(title=_("Reply"), button="", refusal=_why_no_reply(comment), comment=comment, cancel_url=url)
        return show_action(request, act, status=UNPROCESSABLE)
    if request.GET.get("quote"):
        words = request.GET.get("words", "")[: comment_limits.MAX_COMMENT_LENGTH]
        form.initial["body"] = quote_reply.quote_markdown(comment.body, comment.body_html, words)
    return show_form(request, form, comment.article)


def _why_no_reply(comment: Comment) -> str:
    """Return why readers can't reply to a comment."""
    if comment.state == Comment.State.HELD:
        return _("This comment is awaiting moderation. You can reply once it’s published.")
    return closing.closed_message(comment.article)
