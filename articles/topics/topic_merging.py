"""Merge topics that mean the same, and separate them again as they were.

A merge is a row's `merged_into`: the topic keeps its name, which becomes a synonym, its URL, which redirects, and its
followers, who are asked for together with those of the other one. Rows of articles move to the other topic and remember
where they came from; on an article that has both, the row stays where it is, as merged, and its votes count for the
other one. There are no chains: a topic into which others were merged can't be merged itself.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.errors import Refused
from articles.topics import rules, topic_log
from articles.topics.curating import update_articles
from articles.topics.models import ArticleTopic, Topic, TopicAction, lock_articles
from articles.topics.tagging import update_state

MERGED = ArticleTopic.State.MERGED


def refusal(topic: Topic, *, into: Topic) -> str:
    """Return why a topic can't be merged into another one; empty if it can."""
    names = {"topic": topic.name, "other": into.name}
    if topic.pk == into.pk:
        return _("A topic can’t be merged into itself.")
    if topic.merged_into_id is not None:
        return _("“%(topic)s” is merged already. Separate it first.") % names
    if into.merged_into_id is not None:
        return _("“%(other)s” is itself merged into another topic. Choose that one.") % names
    if topic.merged.exists():
        return (
            _("Other topics were merged into “%(topic)s”. Separate them first, or merge the other way round.") % names
        )
    return ""


@transaction.atomic
def merge(topic: Topic, *, into: Topic, by: User, reason: str) -> None:
    """Let `into` stand for `topic`, everywhere at once.

    Raises:
        Refused: `by` may not, there is no reason, or one of them is merged already.
    """
    rules.require_may_curate(by)
    reason = rules.clean_reason(reason)
    articles = lock_articles(ArticleTopic.objects.filter(topic=topic).values("article"))
    topic, into = _locked(topic, into)
    if why_not := refusal(topic, into=into):
        raise Refused(why_not, field="merge_into")
    if ArticleTopic.objects.filter(topic=topic).exclude(article__in=articles).exists():
        raise Refused(_("A reader has just suggested “%(topic)s”. Try again.") % {"topic": topic.name})
    others = {row.article_id: row for row in ArticleTopic.objects.filter(topic=into, article__in=articles)}
    rows = ArticleTopic.objects.filter(topic=topic)
    rows.exclude(article__in=others).update(topic=into, merged_from=topic)
    Topic.objects.filter(pk=topic.pk).update(merged_into=into)
    for row in rows.filter(article__in=others):
        other = others[row.article_id]
        row.before_merge, row.other_before_merge, row.state = row.state, other.state, MERGED
        row.save(update_fields=["before_merge", "other_before_merge", "state"])
        if row.before_merge == ArticleTopic.State.SHOWN and not other.by_editor:
            other.state = ArticleTopic.State.SHOWN  # As its votes were enough under the other name.
        update_state(other)
    topic_log.log(TopicAction.Kind.MERGE, topic=topic, other=into, by=by, reason=reason)
    update_articles(articles)


@transaction.atomic
def separate(topic: Topic, *, by: User, reason: str) -> None:
    """Undo a merge. Each row of an article is as it was, but for votes since then.

    Raises:
        Refused: `by` may not, there is no reason, or the topic isn't merged.
    """
    rules.require_may_curate(by)
    reason = rules.clean_reason(reason)
    moved, merged = ArticleTopic.objects.filter(merged_from=topic), ArticleTopic.objects.filter(topic=topic)
    articles = lock_articles((moved | merged).values("article"))
    stored = Topic.objects.filter(pk=topic.pk).select_related("merged_into").first()
    if stored is None or stored.merged_into is None:
        raise Refused(_("This topic isn’t merged into another one."))
    topic, into = _locked(stored, stored.merged_into)
    if topic.merged_into_id != into.pk:
        raise Refused(_("This topic isn’t merged into another one."))
    Topic.objects.filter(pk=topic.pk).update(merged_into=None)
    moved.update(topic=topic, merged_from=None)
    for row in merged.filter(state=MERGED):
        before, other_before = row.before_merge, row.other_before_merge
        row.state, row.before_merge, row.other_before_merge = ArticleTopic.State(before), "", ""
        row.save(update_fields=["before_merge", "other_before_merge", "state"])
        update_state(row)
        other = ArticleTopic.objects.select_related("topic").filter(topic=into, article=row.article_id).first()
        if other is not None:
            if not other.by_editor:  # Stored before the votes are counted: no votes have hidden it.
                other.state = ArticleTopic.State(other_before)
                other.save(update_fields=["state"])
            update_state(other)
    topic_log.log(TopicAction.Kind.UNMERGE, topic=topic, other=into, by=by, reason=reason)
    update_articles(articles)


def _locked(topic: Topic, other: Topic) -> tuple[Topic, Topic]:
    """Lock both topics, in one order and after articles, as a vote does. New rows of articles that name them wait."""
    rows = {row.pk: row for row in Topic.objects.select_for_update().filter(pk__in=[topic.pk, other.pk]).order_by("pk")}
    if topic.pk not in rows or other.pk not in rows:
        raise Refused(_("This topic has been deleted."))
    return rows[topic.pk], rows[other.pk]
