"""The front page: a lead, a row beneath it, the latest, the most discussed, the sections and the latest correction."""

from datetime import timedelta
from time import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.accounts.hidden_items import NOTHING_HIDDEN, hidden_by
from articles.accounts.models import Viewer
from articles.discussion.models import Comment
from articles.discussion.threads.discussion_page import best_comments
from articles.publishing import read_counts
from articles.publishing.models import Article
from articles.publishing.page_cache import cache_for_anonymous
from articles.reading import json_ld
from articles.reading.context_processors import all_sections
from articles.reading.corrections import latest_correction
from articles.reading.front_page_articles import front_page_articles
from articles.text.quotations import comment_excerpt
from articles.topics.hidden_articles import hidden_articles_state, without_hidden
from articles.topics.models import Topic
from articles.topics.topic_lists import popular_topics
from articles.web.local_cache import response_cache
from articles.web.page_versions import LISTS

COMMENT_LENGTH = 180  # Characters of a comment under its article; three lines.
PARTS_SIZE = 100_000  # Bytes of memory, roughly.
COUNTS_AGE = 60  # Seconds.
POPULAR_TOPICS = 8  # Two or three lines.
CORRECTED_WITHIN = timedelta(days=7)


@require_safe
@cache_for_anonymous
def show(request: HttpRequest) -> HttpResponse:
    response = _show(request)
    if not request.user.is_staff:
        read_counts.note(request, read_counts.FRONT_PAGE)
    return response


def _show(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and hidden_by(request.user) == NOTHING_HIDDEN:
        # The same for all these readers but for what templates mark personal.
        parts = response_cache().get_or_set("front page", lambda: _parts(request), size=PARTS_SIZE, shows=(LISTS,))
        return render(request, "reading/front.html", parts | {"shared_page_key": "front page"})
    return render(request, "reading/front.html", _parts(request))


def _parts(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows to this reader, for its template."""
    # Comments on articles that the page doesn't show count for topics and for what is most discussed.
    response_cache().expire_at(time() + COUNTS_AGE)
    visible = without_hidden(Article.objects.visible_to(request.user), request)
    sections = all_sections()
    front = front_page_articles(visible, sections)
    parts: dict[str, Any] = {
        "today": timezone.localdate(),
        "sections": sections,
        "front": front,
        "hidden_articles": hidden_articles_state(request),
        "json_ld": json_ld.json_script({"@context": "https://schema.org"} | json_ld.organization()),
    }
    if front is None:
        return parts
    beside_lead = next((article for article in front.discussed if article.pk != front.lead.pk), None)
    comments = best_comments(filter(None, (front.lead, beside_lead)), viewer=request.user)
    correction = latest_correction(visible, since=timezone.now() - CORRECTED_WITHIN)
    updates = [article.go_live_at for article in (front.lead, *front.row, *front.latest) if article.go_live_at]
    if correction:
        updates.append(correction.made_at)
    return parts | {
        "last_updated": max(updates, default=None),
        "lead_comment": _excerpt(comments.get(front.lead.pk)),
        # Each reader's words once: those on the lead are under it.
        "discussed": [
            (article, _excerpt(comments.get(article.pk)) if article is beside_lead else None)
            for article in front.discussed
        ],
        "popular_topics": _popular_topics(request.user),
        "correction": correction,
    }


def _popular_topics(reader: Viewer) -> list[Topic]:
    hidden = hidden_by(reader).topics
    return [topic for topic in popular_topics(POPULAR_TOPICS, viewer=reader) if topic.pk not in hidden]


def _excerpt(comment: Comment | None) -> dict[str, str] | None:
    """Return an excerpt of a comment, its author's name and its URL."""
    if comment is None or comment.author is None:
        return None
    return {
        "text": comment_excerpt(comment.body_html, COMMENT_LENGTH),
        "name": comment.author.username,
        "url": comment.get_absolute_url(),
    }
