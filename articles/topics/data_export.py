"""Topic votes and created topics in a reader's data export."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import Row, register
from articles.accounts.models import User
from articles.topics.models import Tagging, Topic


def _taggings(reader: User) -> list[Row]:
    rows = Tagging.objects.filter(reader=reader).order_by("pk")
    topic, article = F("article_topic__topic__name"), F("article_topic__article__headline")
    return [dict(row) for row in rows.values("created_at", topic=topic, article=article)]


def _created_topics(reader: User) -> list[Row]:
    rows = Topic.objects.filter(created_by=reader).order_by("pk")
    return [dict(row) for row in rows.values("created_at", topic=F("name"))]


register("taggings", title=_("Topics you suggested or agreed with"), rows=_taggings)
register("topics_created", title=_("Topics you created"), rows=_created_topics)
