"""Atom feeds of comments: of an article, a thread or a reader; and of a reader's inbox."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.accounts.models import User
from articles.discussion.models import Comment, Passage
from articles.notifications import inbox
from articles.publishing.models import Article
from articles.publishing.page_cache import cache_for_everyone, etag_for_everyone
from articles.reading.article_feeds import HOST, INVALID_IN_XML, atom_response
from articles.text.quotations import nested
from articles.web.pagination import MAX_ID
from articles.web.redirects import redirect_keeping_query

MAX_ENTRIES = 50  # Comments are short and come in bursts: a feed reader that polls every hour should miss none.


@require_safe
@cache_for_everyone
def article_feed(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=min(article_id, MAX_ID))
    title = _("Comments on “%(headline)s”") % {"headline": nested(article.typographic_headline)}
    comments = _public_comments(request).filter(article=article)
    return _comment_feed(request, comments, title=title, page_path=article.get_absolute_url())


@require_safe
@cache_for_everyone
def thread_feed(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Return the feed of a whole thread. Its URL has the id of the thread's first comment; others redirect to it."""
    threads = Comment.objects.in_threads().filter(article__in=Article.objects.visible_to(request.user))
    root = get_object_or_404(threads.select_related("article"), pk=min(comment_id, MAX_ID))
    if root.root_id is not None:
        return redirect("thread_feed", root.root_id, permanent=True)
    title = _("Thread on “%(headline)s”") % {"headline": nested(root.article.typographic_headline)}
    comments = _public_comments(request).filter(Q(pk=root.pk) | Q(root=root))
    return _comment_feed(request, comments, title=title, page_path=reverse("thread", args=[root.pk]))


@require_safe
@etag_for_everyone
def reader_feed(request: HttpRequest, name: str) -> HttpResponse:
    reader = User.objects.active_or_404(name)
    if reader.username != name:
        return redirect_keeping_query(request, reverse("reader_feed", args=[reader.username]))
    title = _("%(name)s on %(paper)s") % {"name": reader.username, "paper": settings.PAPER_NAME}
    comments = _public_comments(request).filter(author=reader)
    return _comment_feed(request, comments, title=title, page_path=reader.get_absolute_url())


@require_safe
def inbox_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Return the feed of a reader's inbox. The URL is the credential, because feed readers can't sign in."""
    reader = inbox.reader_of_feed(key)
    if reader is None:
        raise Http404
    entries = [_notification_entry(line) for line in inbox.latest(reader, MAX_ENTRIES)]
    title = _("Your inbox on %(paper)s") % {"paper": settings.PAPER_NAME}
    response = atom_response(request, entries, title=title, page_path=reverse("inbox"))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _public_comments(request: HttpRequest) -> "QuerySet[Comment]":
    return (
        Comment.objects.public()
        .filter(article__in=Article.objects.visible_to(request.user))
        .select_related("article", "author", "passage")
        .defer("article__body", "article__body_html", "html")
    )


def _comment_feed(request: HttpRequest, comments: "QuerySet[Comment]", *, title: str, page_path: str) -> HttpResponse:
    entries = [_comment_entry(comment) for comment in comments.order_by("-posted_at", "-pk")[:MAX_ENTRIES]]
    return atom_response(request, entries, title=title, page_path=page_path)


def _comment_entry(comment: Comment) -> dict[str, Any]:
    name = comment.author.username if comment.author else _("deleted user")
    headline = nested(comment.article.typographic_headline)
    passage: Passage | None = getattr(comment, "passage", None)
    quoted = ""
    if passage and passage.in_picture:
        words = _("On the picture: %(caption)s") % {"caption": passage.exact} if passage.exact else _("On a picture")
        quoted = format_html("<p>{}</p>\n", words)
    elif passage:
        quoted = format_html("<blockquote>{}</blockquote>\n", passage.exact)
    return {
        # The date makes the id unique even if the database is created anew on this host.
        "id": f"tag:{HOST},{comment.posted_at:%Y-%m-%d}:comment-{comment.pk}",
        "url": settings.SITE_ADDRESS + comment.get_absolute_url(),
        "title": INVALID_IN_XML.sub("", _("%(name)s on “%(headline)s”") % {"name": name, "headline": headline}),
        "html": INVALID_IN_XML.sub("", quoted + comment.body_html),
        "authors": [
            {"name": name, "url": settings.SITE_ADDRESS + comment.author.get_absolute_url() if comment.author else ""}
        ],
        "published": comment.posted_at.isoformat(timespec="seconds"),
        "updated": (comment.edited_at or comment.posted_at).isoformat(timespec="seconds"),
    }


def _notification_entry(line: inbox.Line) -> dict[str, Any]:
    notification = line.notification
    created = notification.created_at.isoformat(timespec="seconds")
    return {
        "id": f"tag:{HOST},{notification.created_at:%Y-%m-%d}:notification-{notification.pk}",
        "url": settings.SITE_ADDRESS + line.address,
        "title": INVALID_IN_XML.sub("", f"{notification.article.typographic_headline}: {line.sentence}"),
        "summary": INVALID_IN_XML.sub("", line.words),
        "published": created,
        "updated": created,
    }
