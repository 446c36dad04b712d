"""The front page: a lead story, some articles beside it, and the latest below. Pinned articles come first."""

from time import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.accounts.hidden_items import NOTHING_HIDDEN, hidden_by
from articles.accounts.models import Viewer
from articles.discussion.threads.discussion_page import best_comment
from articles.publishing.models import Article
from articles.publishing.page_cache import cache_for_anonymous
from articles.publishing.pinning import newest_except, pinned
from articles.publishing.placed_pictures import keep_pictures_apart, load_lead_pictures
from articles.text.quotations import comment_excerpt
from articles.topics.hidden_articles import hidden_articles_state, without_hidden
from articles.topics.models import Topic
from articles.topics.topic_lists import popular_topics
from articles.web.local_cache import response_cache
from articles.web.page_versions import LISTS

SECONDARY_ARTICLES = 4  # As tall together as the lead story on a laptop.
LATEST_ARTICLES = 15
COMMENT_LENGTH = 180  # Characters of the comment under the lead story; three lines.
PARTS_SIZE = 60_000  # Bytes of memory, roughly.
COUNTS_AGE = 60  # Seconds.
POPULAR_TOPICS = 12  # Three lines on a phone.


@require_safe
@cache_for_anonymous
def show(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and hidden_by(request.user) == NOTHING_HIDDEN:
        # The same for all these readers but for what templates mark personal.
        parts = response_cache().get_or_set("front page", lambda: _parts(request), size=PARTS_SIZE, shows=(LISTS,))
        return render(request, "reading/front.html", parts | {"shared_page_key": "front page"})
    return render(request, "reading/front.html", _parts(request))


def _parts(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows to this reader, for its template."""
    visible = without_hidden(Article.objects.visible_to(request.user), request)
    top = pinned(visible)
    # However many are pinned, the latest articles are shown as well.
    rest = max(LATEST_ARTICLES, 1 + SECONDARY_ARTICLES + LATEST_ARTICLES - len(top))
    articles = [*top, *newest_except(visible, first=top)[:rest]]
    lead = articles[0] if articles else None
    secondary = articles[1 : 1 + SECONDARY_ARTICLES]
    load_lead_pictures(articles[: 1 + SECONDARY_ARTICLES])
    keep_pictures_apart(secondary)
    return {
        "lead": lead,
        "secondary": secondary,
        "latest": articles[1 + SECONDARY_ARTICLES :],
        "lead_comment": _best_comment(lead, request.user) if lead and lead.comment_count else None,
        "popular_topics": _popular_topics(request.user) if lead else [],
        "hidden_articles": hidden_articles_state(request),
    }


def _popular_topics(reader: Viewer) -> list[Topic]:
    response_cache().expire_at(time() + COUNTS_AGE)  # They count comments on articles that the page doesn't show.
    hidden = hidden_by(reader).topics
    return [topic for topic in popular_topics(POPULAR_TOPICS, viewer=reader) if topic.pk not in hidden]


def _best_comment(article: Article, reader: Viewer) -> dict[str, str] | None:
    """Return an excerpt of the article's best comment, its author's name and its URL; None if there is none."""
    comment = best_comment(article, viewer=reader)
    if comment is None or comment.author is None:
        return None
    return {
        "text": comment_excerpt(comment.body_html, COMMENT_LENGTH),
        "name": comment.author.username,
        "url": comment.get_absolute_url(),
    }
