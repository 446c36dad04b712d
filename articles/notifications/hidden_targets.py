"""Provide what a reader hides to the lower packages (see `accounts.hidden_items`)."""

from articles.accounts.hidden_items import Hidden, register_source
from articles.accounts.models import User
from articles.notifications.models import Stance
from articles.notifications.models.stance import HIDEABLE


def _of(reader: User) -> Hidden:
    rows = list(Stance.objects.hiding().filter(reader=reader).values_list(*(f"{target}_id" for target in HIDEABLE)))
    stories, threads, topics, people = (
        frozenset(row[place] for row in rows if row[place] is not None) for place in range(len(HIDEABLE))
    )
    return Hidden(stories, threads, topics, people)


register_source(_of)
