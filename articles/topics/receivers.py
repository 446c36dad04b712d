"""Receivers of account signals: remove the votes of a deleted account."""

from typing import Any

from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.signals import account_deleting
from articles.topics.models import ArticleTopic, Tagging
from articles.topics.tagging import update_state


@receiver(account_deleting)
def remove_votes(sender: Any, *, reader: User, **kwargs: Any) -> None:
    """Remove the reader's votes. Editors' decisions stay."""
    article_topics = list(ArticleTopic.objects.filter(taggings__reader=reader).order_by("pk").locked())
    Tagging.objects.filter(reader=reader).delete()
    for article_topic in article_topics:
        update_state(article_topic)
