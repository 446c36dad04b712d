"""Listens to accounts: the words of a reader who leaves no longer count."""

from typing import Any

from django.dispatch import receiver

from articles.accounts.models import User
from articles.accounts.signals import account_deleting
from articles.topics.models import ArticleTopic, Tagging
from articles.topics.tagging import settle


@receiver(account_deleting)
def take_back(sender: Any, *, reader: User, **kwargs: Any) -> None:
    """What an editor decided stays decided."""
    places = list(
        ArticleTopic.objects.select_for_update(of=("self",))
        .select_related("topic")
        .filter(taggings__reader=reader)
        .order_by("pk")
    )
    Tagging.objects.filter(reader=reader).delete()
    for place in places:
        settle(place)
