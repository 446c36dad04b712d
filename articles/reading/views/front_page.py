"""The front page: one story that leads, a few beside it, and the latest below. What editors pinned comes first."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.accounts.blocking import hidden_by
from articles.accounts.models import User
from articles.discussion.threads.discussion_page import best_comment
from articles.publishing.models import Article
from articles.publishing.pinning import newest_except, pinned
from articles.reading.page_cache import cache_for_anonymous
from articles.text.excerpts import excerpt, plain_text
from articles.topics.hidden_articles import leaves_out, wanted
from articles.topics.models import Topic
from articles.topics.topic_lists import popular_topics

BESIDE = 4  # As tall together as the lead on a laptop.
LATEST = 15
SAID_LENGTH = 180  # Characters of a reader's words; three lines.
TALKED_ABOUT = 12  # Topics; three lines on a phone.


@require_safe
@cache_for_anonymous
def show(request: HttpRequest) -> HttpResponse:
    everything = wanted(Article.objects.visible_to(request.user), request)
    top = pinned(everything)
    rest = max(LATEST, 1 + BESIDE + LATEST - len(top))  # However much is pinned, the latest are there as well.
    articles = [*top, *newest_except(everything, first=top)[:rest]]
    lead = articles[0] if articles else None
    context = {
        "lead": lead,
        "second": articles[1 : 1 + BESIDE],
        "latest": articles[1 + BESIDE :],
        "said": _said_under(lead, request.user) if lead and lead.comment_count else None,
        "popular": _popular(request.user) if lead else [],
        "leaves_out": leaves_out(request),
    }
    return render(request, "reading/front.html", context)


def _popular(reader: User | AnonymousUser) -> list[Topic]:
    hidden = hidden_by(reader).topics
    return [topic for topic in popular_topics(TALKED_ABOUT, viewer=reader) if topic.pk not in hidden]


def _said_under(lead: Article, reader: User | AnonymousUser) -> dict[str, str] | None:
    """One reader's words: talk is part of the paper."""
    comment = best_comment(lead, viewer=reader)
    if comment is None or comment.author is None:
        return None
    return {
        "text": excerpt(plain_text(comment.body_html), SAID_LENGTH),
        "name": comment.author.username,
        "address": comment.get_absolute_url(),
    }
