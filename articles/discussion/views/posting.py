"""Autosave: post, reply, preview."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.discussion import closing_notice, mentioning, posting, quote_reply, rules
from articles.discussion.comment_controls import public_html
from articles.discussion.forms import CommentForm, WriteForm, comment_form
from articles.discussion.models import Comment
from articles.discussion.passages import passage_tracking
from articles.discussion.threads import thread_page
from articles.discussion.views.forms_in_place import (
    UNPROCESSABLE,
    Act,
    ask,
    find_comment,
    focused,
    reader_of,
    status_of,
    with_wait,
)
from articles.discussion.views.passages import responded
from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.text.sanitizing import trusted
from articles.web.csrf_recovery import recovers_form, retry_message
from articles.web.decorators import sign_in_first, signed_in, wants_fragment


def write_page(
    request: HttpRequest, form: WriteForm, article: Article, *, status: int = 200, preview: str = ""
) -> HttpResponse:
    """The form in its place, or on a page of its own with what it is about."""
    context = {"form": form, "article": article, "preview": preview, "signed_out": not request.user.is_authenticated}
    if wants_fragment(request):
        response = render(request, "discussion/_form.html", {**context, "focus": True}, status=status)
    else:
        form.quick = False
        answered = getattr(form, "answered", None)
        if answered is not None:
            context["html"] = trusted(f"<li>{public_html(answered)}</li>")
        response = render(request, "discussion/write.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _given_back(request: HttpRequest, article_id: int) -> HttpResponse:
    """The session ended or changed while they wrote."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    form = filled_in(request, article)
    form.refuse(retry_message(request))
    return write_page(request, form, article, status=UNPROCESSABLE)


def filled_in(request: HttpRequest, article: Article) -> CommentForm:
    """The form as it was sent, checked, with the comment that it answers."""
    form = CommentForm(request.POST, article=article)
    form.is_valid()
    wanted = form.cleaned_data.get("parent")
    # A held comment has no place yet: its words must not come back above the form.
    others = Comment.objects.in_threads().select_related("author").filter(article=article)
    form.answer(others.filter(pk=wanted).first() if wanted else None)
    _find_passage(form)
    return form


def _find_passage(form: CommentForm) -> None:
    """What it responds to: the words that it came with, or those of them that its writer wants."""
    excerpt = passage_tracking.excerpt_named(form.article, form.cleaned_data.get("passage", ""))
    if excerpt is None:
        return
    words = form.cleaned_data.get("words", "")
    chosen = passage_tracking.narrowed(excerpt, words) if words else excerpt
    if chosen is None:
        form.add_error(
            "words", _("These words do not stand there. Copy them from the text above, or leave that empty.")
        )
    form.respond(chosen or excerpt, passage_tracking.standing(form.article, excerpt).place)


@recovers_form(_given_back)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, article_id: int) -> HttpResponse:
    """Post a comment or, with `parent`, a reply. Nothing that was typed is lost, whoever asks and whatever is wrong."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    if request.method == "GET":  # Whoever wanted to write and had to sign in first comes back here.
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return redirect(article.get_absolute_url() + "#talk")
    if not request.user.is_authenticated:
        return _given_back(request, article_id)
    form = filled_in(request, article)
    if "preview" in request.POST:
        form.refuse("")
        return write_page(request, form, article, preview=previewed(form.text))
    if form.errors:
        return write_page(request, form, article, status=UNPROCESSABLE)
    try:
        if form.cleaned_data.get("parent") and form.answered is None:
            gone = _("The comment that you answer is gone. You can post this as a comment of its own.")
            raise Refused(gone, field="parent")
        if form.cleaned_data.get("passage") and form.excerpt is None:
            gone = _("What you respond to was not found in the article. You can post this as a comment of its own.")
            raise Refused(gone, field="passage")
        comment = posting.post_comment(
            article=article,
            author=reader_of(request),
            body=form.text,
            token=form.token_value,
            parent=form.answered,
            read_version=_read(article, form),
            begun_at=form.made_at,
            passage=form.excerpt,
        )
    except Refused as refusal:
        form.refuse(refusal.reason)
        if refusal.field == "parent":
            form.answer(None)
        elif refusal.field == "token":
            form.renew()
        return with_wait(write_page(request, form, article, status=status_of(refusal)), refusal)
    return _posted(request, comment, form)


def _read(article: Article, form: CommentForm) -> Revision | None:
    """The text that readers had when the form was made, or the one whose words it quotes."""
    if form.excerpt is not None:
        return form.excerpt.revision
    texts = Revision.objects.filter(article=article, public_at__lte=form.made_at)
    return texts.only("pk").order_by("-number").first()


def _posted(request: HttpRequest, comment: Comment, form: CommentForm) -> HttpResponse:
    if form.excerpt is not None:
        return responded(request, comment, form)
    said = _("Your reply is posted.") if comment.parent_id else _("Your comment is posted.")
    if comment.answers_earlier_text:
        said += " " + _("What you answered was changed while you wrote: your reply says so.")
    if not wants_fragment(request):
        messages.success(request, said, extra_tags=form.draft)
        if comment.parent_id:
            return redirect(comment)
        return redirect(f"{comment.article.get_absolute_url()}?sort=newest#comment-{comment.pk}")
    article = Article.objects.defer("body", "body_html", "held_reason").get(pk=comment.article_id)
    context = {
        "comment": comment,
        "item": focused(thread_page.item_for(comment, viewer=request.user), "<li"),
        "count": article.comment_count,
        "form": None if comment.parent_id else comment_form(article),
        "said": said,
    }
    response = render(request, "discussion/_posted.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET"])
@signed_in
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The form to answer a comment. With `quote` it begins with the comment's words, or with the `words` chosen."""
    comment = find_comment(request, comment_id)
    form = comment_form(comment.article, parent=comment)
    if comment.state != Comment.State.VISIBLE or form is None:
        act = Act(
            title=_("Reply"), button="", refusal=_why_not(comment), comment=comment, back=comment.get_absolute_url()
        )
        return ask(request, act, status=UNPROCESSABLE)
    if request.GET.get("quote"):
        words = request.GET.get("words", "")[: rules.COMMENT_MAX]
        form.initial["body"] = quote_reply.quotation_of(comment.body, comment.body_html, words)
    return write_page(request, form, comment.article)


def _why_not(comment: Comment) -> str:
    """Why a comment can't be answered."""
    if comment.state == Comment.State.HELD:
        return _("This comment waits for a moderator. It can be answered once everybody sees it.")
    if comment.state != Comment.State.VISIBLE:
        return _("This comment was taken away.")
    return closing_notice.why_closed(comment.article)


def _no_preview(request: HttpRequest) -> HttpResponse:
    """Said where the preview would stand; what is being written stays as it is."""
    context = {"preview": retry_message(request), "form": _previewing(request)}
    return render(request, "discussion/_preview.html", context, status=UNPROCESSABLE)


@recovers_form(_no_preview)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A text as it would be shown, by the renderer that will show it; kept fresh while one types."""
    if not request.user.is_authenticated:  # Nobody is sent away from a form in the middle of a sentence.
        return _no_preview(request)
    form = _previewing(request)
    # Said once, for the button; not with every word that is typed afterwards.
    said = _("The preview stands under your words.") if "preview" in request.POST else ""
    context = {"preview": previewed(form.text), "form": form, "live": True, "said": said}
    return render(request, "discussion/_preview.html", context)


def _previewing(request: HttpRequest) -> WriteForm:
    form = WriteForm(request.POST)
    form.key = "".join(letter for letter in request.POST.get("key", "") if letter.isalnum() or letter == "-")[:40]
    return form


def previewed(text: str) -> str:
    """The text set as it would be, or why it could not be posted."""
    try:
        return trusted(mentioning.rendered(posting.checked(text)).html)
    except Refused as refusal:
        return refusal.reason
