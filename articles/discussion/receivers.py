"""Receivers of signals from other packages and from the discussion itself."""

from typing import Any

from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.signals import account_deleting, role_changed
from articles.discussion import badges, comment_counts, comment_html, mentioning, quote_requests
from articles.discussion.comment_erasure import erase_comments
from articles.discussion.models import Comment, QuoteRequest, Recommendation
from articles.discussion.passages import passage_tracking
from articles.discussion.signals import comment_disappeared, comment_edited
from articles.publishing.models import Article, Author
from articles.publishing.signals import article_saved, author_changed, byline_changed


@receiver(account_deleting)
def remove_reader(reader: User, *, with_comments: bool, **_kwargs: Any) -> None:
    """Anonymise a leaving reader's comments and mentions; remove their recommendations and quotes.

    Args:
        with_comments: Whether to delete the texts of the comments as well.
    """
    if with_comments:
        erase_comments(reader)
    recommended = list(Recommendation.objects.filter(reader=reader).values_list("comment_id", flat=True))
    Recommendation.objects.filter(reader=reader).delete()
    for comment_id in sorted(recommended):
        comment_counts.recount_comment(comment_id)
    QuoteRequest.objects.filter(comment__author=reader).delete()
    written = list(Comment.objects.filter(author=reader).values_list("pk", flat=True))
    mentioning_them = mentioning.remove_mentions_of(reader)
    touched = mentioning_them | Comment.objects.filter(pk__in=written)
    Comment.objects.filter(author=reader).update(author=None, badge="")
    comment_html.store_many(touched)


@receiver([comment_edited, comment_disappeared])
def revoke_changed_quotes(comment: Comment, **_kwargs: Any) -> None:
    quote_requests.revoke_if_changed(comment)


@receiver(article_saved)
def relocate_passages(article: Article, **_kwargs: Any) -> None:
    """Update where the passages with responses are, in the transaction that changes the article."""
    passage_tracking.relocate_all(article)


@receiver(byline_changed)
def update_byline_badges(article: Article, **_kwargs: Any) -> None:
    badges.byline_changed(article)


@receiver(author_changed)
def update_author_badges(author: Author, **_kwargs: Any) -> None:
    badges.author_changed(author)


@receiver(role_changed)
def update_reader_badges(reader: User, **_kwargs: Any) -> None:
    badges.role_changed(reader)
