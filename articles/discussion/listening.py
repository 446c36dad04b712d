"""What this room does when other rooms have news."""

from typing import Any

from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.news import reader_leaving
from articles.discussion import cards, mentioning, tallies
from articles.discussion.models import Comment, Recommendation


@receiver(reader_leaving)
def forget(reader: User, **_news: Any) -> None:
    """Comments stay without a name, and do not call it by a link; recommendations are taken back."""
    recommended = list(Recommendation.objects.filter(reader=reader).values_list("comment_id", flat=True))
    Recommendation.objects.filter(reader=reader).delete()
    for comment_id in sorted(recommended):
        tallies.retally(comment_id)
    written = list(Comment.objects.filter(author=reader).values_list("pk", flat=True))
    calling = mentioning.forget(reader)
    touched = calling | Comment.objects.filter(pk__in=written)
    articles = set(touched.values_list("article_id", flat=True))
    Comment.objects.filter(author=reader).update(author=None)
    cards.remake_all(touched)
    for article_id in sorted(articles):
        tallies.changed(article_id)
