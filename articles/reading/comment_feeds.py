"""What is said, as Atom: under an article, in one thread, by one person, and what is in a reader's inbox."""

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
from articles.reading.article_feeds import HOST, NOT_IN_XML, as_atom
from articles.reading.page_cache import cache_for_anonymous
from articles.text.markdown import typographic
from articles.text.slugs import name_key
from articles.web.pagination import MAX_ID

ENTRIES = 50  # Comments are short and come in bursts: a program that asks each hour misses none of a lively evening.


@require_safe
@cache_for_anonymous
def of_article(request: HttpRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=min(article_id, MAX_ID))
    title = _("Comments on “%(headline)s”") % {"headline": typographic(article.headline)}
    return _talk(request, _public(request).filter(article=article), title=title, of=article.get_absolute_url())


@require_safe
@cache_for_anonymous
def of_thread(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The whole branch. It has one address, that of the comment which opened it."""
    threads = Comment.objects.in_threads().filter(article__in=Article.objects.visible_to(request.user))
    opened = get_object_or_404(threads.select_related("article"), pk=min(comment_id, MAX_ID))
    if opened.root_id is not None:
        return redirect("thread_feed", opened.root_id, permanent=True)
    title = _("A thread under “%(headline)s”") % {"headline": typographic(opened.article.headline)}
    comments = _public(request).filter(Q(pk=opened.pk) | Q(root=opened))
    return _talk(request, comments, title=title, of=reverse("thread", args=[opened.pk]))


@require_safe
@cache_for_anonymous
def of_reader(request: HttpRequest, name: str) -> HttpResponse:
    person = get_object_or_404(User, name_key=name_key(name), is_active=True)
    if person.username != name:
        return redirect("reader_feed", person.username)
    title = _("%(name)s on %(paper)s") % {"name": person.username, "paper": settings.PAPER_NAME}
    return _talk(request, _public(request).filter(author=person), title=title, of=person.get_absolute_url())


@require_safe
def of_inbox(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever has the address may read it: programs that read feeds can't sign in."""
    reader = inbox.reader_of_feed(key)
    if reader is None:
        raise Http404
    entries = [_entry_of_line(line) for line in inbox.latest(reader, ENTRIES)]
    title = _("Your inbox on %(paper)s") % {"paper": settings.PAPER_NAME}
    answer = as_atom(request, entries, title=title, of=reverse("inbox"))
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _public(request: HttpRequest) -> "QuerySet[Comment]":
    return (
        Comment.objects.public()
        .filter(article__in=Article.objects.visible_to(request.user))
        .select_related("article", "author", "passage")
        .defer("article__body", "article__body_html", "html")
    )


def _talk(request: HttpRequest, comments: "QuerySet[Comment]", *, title: str, of: str) -> HttpResponse:
    entries = [_entry_of(comment) for comment in comments.order_by("-posted_at", "-pk")[:ENTRIES]]
    return as_atom(request, entries, title=title, of=of)


def _entry_of(comment: Comment) -> dict[str, Any]:
    name = comment.author.username if comment.author else _("deleted user")
    headline = typographic(comment.article.headline)
    passage: Passage | None = getattr(comment, "passage", None)
    quoted = format_html("<blockquote>{}</blockquote>\n", passage.exact) if passage else ""
    return {
        # The day keeps it apart from what another paper had at this address before; it never changes.
        "id": f"tag:{HOST},{comment.posted_at:%Y-%m-%d}:comment-{comment.pk}",
        "address": settings.SITE_ADDRESS + comment.get_absolute_url(),
        "headline": NOT_IN_XML.sub("", _("%(name)s on “%(headline)s”") % {"name": name, "headline": headline}),
        "html": NOT_IN_XML.sub("", quoted + comment.body_html),
        "authors": [
            {"name": name, "url": settings.SITE_ADDRESS + comment.author.get_absolute_url() if comment.author else ""}
        ],
        "published": comment.posted_at.isoformat(timespec="seconds"),
        "updated": (comment.edited_at or comment.posted_at).isoformat(timespec="seconds"),
    }


def _entry_of_line(line: inbox.Line) -> dict[str, Any]:
    notice = line.notification
    when = notice.created_at.isoformat(timespec="seconds")
    return {
        "id": f"tag:{HOST},{notice.created_at:%Y-%m-%d}:notice-{notice.pk}",
        "address": settings.SITE_ADDRESS + line.address,
        "headline": NOT_IN_XML.sub("", f"{typographic(notice.article.headline)}: {line.sentence}"),
        "summary": NOT_IN_XML.sub("", line.words),
        "published": when,
        "updated": when,
    }
