"""Topic votes and created topics in a reader's data export."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from articles.accounts.data_export import register, rows_of
from articles.topics.models import Tagging, Topic

_topic, _article = F("article_topic__topic__name"), F("article_topic__article__headline")
_taggings = rows_of(Tagging, "created_at", "objection", topic=_topic, article=_article)
_created_topics = rows_of(Topic, "created_at", owner="created_by", topic=F("name"))

register("taggings", title=_("Topics you suggested or voted on"), rows=_taggings)
register("topics_created", title=_("Topics you created"), rows=_created_topics)
