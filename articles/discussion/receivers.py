"""What this room does when other rooms have news."""

from typing import Any

from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.signals import account_deleting, role_changed
from articles.discussion import badges, comment_counts, comment_html, mentioning, quote_requests
from articles.discussion.models import Comment, QuoteRequest, Recommendation
from articles.discussion.passages import passage_tracking
from articles.discussion.signals import comment_disappeared, comment_edited
from articles.publishing.models import Article, Author
from articles.publishing.signals import article_saved, author_changed


@receiver(account_deleting)
def forget(reader: User, **_news: Any) -> None:
    """Comments stay without a name, and do not call it by a link; recommendations and lent words are taken back."""
    recommended = list(Recommendation.objects.filter(reader=reader).values_list("comment_id", flat=True))
    Recommendation.objects.filter(reader=reader).delete()
    for comment_id in sorted(recommended):
        comment_counts.retally(comment_id)
    QuoteRequest.objects.filter(comment__author=reader).delete()
    written = list(Comment.objects.filter(author=reader).values_list("pk", flat=True))
    calling = mentioning.forget(reader)
    touched = calling | Comment.objects.filter(pk__in=written)
    articles = set(touched.values_list("article_id", flat=True))
    Comment.objects.filter(author=reader).update(author=None, badge="")
    comment_html.store_many(touched)
    for article_id in sorted(articles):
        comment_counts.changed(article_id)


@receiver([comment_edited, comment_disappeared])
def quote_nothing_else(comment: Comment, **_news: Any) -> None:
    quote_requests.keep_true(comment)


@receiver(article_saved)
def follow_the_words(article: Article, **_news: Any) -> None:
    """Responses to passages stand where their words stand now, from the moment at which readers see the new text."""
    passage_tracking.follow_all(article)


@receiver(article_saved)
def look_at_the_byline(article: Article, **_news: Any) -> None:
    badges.byline_changed(article)


@receiver(author_changed)
def look_at_the_author(author: Author, **_news: Any) -> None:
    badges.author_changed(author)


@receiver(role_changed)
def look_at_the_powers(reader: User, **_news: Any) -> None:
    badges.role_changed(reader)
