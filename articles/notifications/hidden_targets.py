"""Provide what a reader hides to the lower packages (see `accounts.hidden_items`)."""

from django.db.models.functions import Coalesce

from articles.accounts.hidden_items import Hidden, register_source
from articles.accounts.models import User
from articles.notifications.models import Stance
from articles.notifications.models.stance import HIDEABLE


def _of(reader: User) -> Hidden:
    stances = Stance.objects.hiding().filter(reader=reader)
    columns = [f"{target}_id" for target in HIDEABLE]
    rows = list(stances.annotate(current=Coalesce("topic__merged_into", "topic")).values_list(*columns, "current"))
    stories, threads, topics, people = (
        frozenset(row[place] for row in rows if row[place] is not None) for place in range(len(HIDEABLE))
    )
    return Hidden(stories, threads, topics | {row[-1] for row in rows if row[-1] is not None}, people)


register_source(_of)
