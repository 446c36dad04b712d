"""Writing: post, reply, preview, edit, withdraw."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.discussion import branches, mentioning, posting, rules
from articles.discussion.forms import CommentForm, EditForm, WriteForm, comment_form
from articles.discussion.models import Comment
from articles.discussion.views.answering import (
    UNPROCESSABLE,
    Act,
    ask,
    changed,
    find_comment,
    focused,
    reader_of,
    refused,
    signed_in,
    status_of,
    wants_fragment,
    with_wait,
)
from articles.errors import Refused
from articles.publishing.models import Article, Revision
from articles.text.cleaning import trusted


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
            context["html"] = trusted(f"<li>{answered.card_html}</li>")
        response = render(request, "discussion/write.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, article_id: int) -> HttpResponse:
    """Post a comment or, with `parent`, a reply. Nothing that was typed is lost, whoever asks and whatever is wrong."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=article_id)
    if request.method == "GET":  # Whoever wanted to write and had to sign in first comes back here.
        if not request.user.is_authenticated:
            return signed_in(post)(request, article_id)
        return redirect(article.get_absolute_url() + "#talk")
    form = CommentForm(request.POST, article=article)
    valid = form.is_valid()
    wanted = form.cleaned_data.get("parent")
    # A held comment has no place yet: its words must not come back above the form.
    others = Comment.objects.in_threads().select_related("author").filter(article=article)
    parent = others.filter(pk=wanted).first() if wanted else None
    form.answer(parent)
    if not request.user.is_authenticated:
        form.refuse(_("You are signed out. Sign in in another tab, come back here and press the button once more."))
        return write_page(request, form, article, status=UNPROCESSABLE)
    if "preview" in request.POST:
        form.refuse("")
        return write_page(request, form, article, preview=_previewed(form.text))
    if not valid:
        return write_page(request, form, article, status=UNPROCESSABLE)
    try:
        if wanted and parent is None:
            gone = _("The comment that you answer is gone. You can post this as a comment of its own.")
            raise Refused(gone, field="parent")
        comment = posting.post_comment(
            article=article,
            author=reader_of(request),
            body=form.text,
            token=form.token_value,
            parent=parent,
            read_version=_read(article, form),
            begun_at=form.made_at,
        )
    except Refused as refusal:
        form.refuse(refusal.reason)
        if refusal.field == "parent":
            form.answer(None)
        elif refusal.field == "token":
            form.renew()
        return with_wait(write_page(request, form, article, status=status_of(refusal)), refusal)
    return _posted(request, comment)


def _read(article: Article, form: CommentForm) -> Revision | None:
    """The text that readers had when the form was made."""
    texts = Revision.objects.filter(article=article, public=True, created_at__lte=form.made_at)
    return texts.only("pk").order_by("-number").first()


def _posted(request: HttpRequest, comment: Comment) -> HttpResponse:
    said = _("Your reply is posted.") if comment.parent_id else _("Your comment is posted.")
    if not wants_fragment(request):
        messages.success(request, said)
        if comment.parent_id:
            return redirect(comment)
        return redirect(f"{comment.article.get_absolute_url()}?sort=newest#comment-{comment.pk}")
    article = Article.objects.only("comment_count", "version", "comments_closed_at").get(pk=comment.article_id)
    context = {
        "comment": comment,
        "item": focused(branches.item_for(comment, viewer=request.user), "<li"),
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
    comment = find_comment(request, comment_id)
    form = comment_form(comment.article, parent=comment)
    if comment.state != Comment.State.VISIBLE or form is None:
        reason = _("The discussion is closed.") if form is None else _("This comment was taken away.")
        act = Act(title=_("Reply"), button="", refusal=reason, comment=comment, back=comment.get_absolute_url())
        return ask(request, act, status=UNPROCESSABLE)
    return write_page(request, form, comment.article)


@require_POST
@signed_in
def preview(request: HttpRequest) -> HttpResponse:
    """A text as it would be shown, by the renderer that will show it; kept fresh while one types."""
    form = WriteForm(request.POST)
    form.key = "".join(letter for letter in request.POST.get("key", "") if letter.isalnum() or letter == "-")[:40]
    # Said once, for the button; not with every word that is typed afterwards.
    said = _("The preview stands under your words.") if "preview" in request.POST else ""
    context = {"preview": _previewed(form.text), "form": form, "live": True, "said": said}
    return render(request, "discussion/_preview.html", context)


def _previewed(text: str) -> str:
    try:
        return trusted(mentioning.rendered(posting.checked(text)).html)
    except Refused as refusal:
        return refusal.reason


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    if request.method == "GET" and not request.user.is_authenticated:
        return signed_in(edit)(request, comment_id)
    comment = find_comment(request, comment_id)
    form: WriteForm = EditForm(request.POST or None, comment=comment)
    if not request.user.is_authenticated:
        form.refuse(_("You are signed out. Sign in in another tab, come back here and press the button once more."))
        return write_page(request, form, comment.article, status=UNPROCESSABLE)
    if (comment.state != Comment.State.VISIBLE and request.method == "GET") or comment.author_id != request.user.pk:
        act = Act(title=_("Edit"), button="", refusal=_("You can't edit this."), comment=comment)
        return ask(request, act, status=UNPROCESSABLE)
    if "preview" in request.POST:
        return write_page(request, form, comment.article, preview=_previewed(form.text))
    if request.method == "GET" and rules.may_edit(request.user, comment):
        return write_page(request, form, comment.article)
    try:
        edited = posting.edit_comment(comment=comment, by=reader_of(request), body=form.text)
    except Refused as refusal:
        if comment.state == Comment.State.VISIBLE and not rules.within_window(comment.posted_at):
            # Too late: the same words can be posted as a reply.
            late = comment_form(comment.article, parent=comment)
            if late is not None:
                late.initial["body"] = form.text if form.text != comment.body else ""
                form = late
        form.refuse(refusal.reason)
        return with_wait(write_page(request, form, comment.article, status=status_of(refusal)), refusal)
    if not wants_fragment(request):
        messages.success(request, _("Your comment is changed."))
    return changed(request, edited, _("Your comment is changed."))


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = find_comment(request, comment_id)
    act = Act(
        title=_("Withdraw your comment?"),
        explanation=_("Its words disappear for everybody; replies stay where they are. This can't be undone."),
        button=_("Withdraw it"),
        comment=comment,
        back=comment.get_absolute_url(),
    )
    if request.method == "GET":
        return ask(request, act)
    try:
        comment = posting.withdraw_comment(comment=comment, by=reader_of(request))
    except Refused as refusal:
        return refused(request, act, refusal)
    if not wants_fragment(request):
        messages.success(request, _("Your comment is withdrawn."))
        return redirect(f"{comment.article.get_absolute_url()}#talk")
    return changed(request, comment, _("Your comment is withdrawn."))
