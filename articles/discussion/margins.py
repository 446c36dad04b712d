"""How many responded to which paragraph of an article, and which words are under discussion."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Length

from articles.discussion.models import Comment, Passage
from articles.publishing.models import Article


@dataclass(slots=True)
class Talk:
    """What is said about one paragraph or pull quote."""

    count: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)
    """The words under discussion, where they still stand word for word."""


def talk_of(article: Article) -> dict[str, Talk]:
    """By the id of the element; in one query. What is hidden, held or withdrawn leaves no trace."""
    public = Passage.objects.filter(comment__in=Comment.objects.public().filter(article=article))
    standing = public.exclude(state=Passage.State.REMOVED).order_by("start_now")
    found: dict[str, Talk] = {}
    rows = standing.values_list("block_id", "quote_id", "state", "start_now", Length("words_now"))
    for block, quote, state, start, length, number in rows.annotate(number=Count("pk")):
        talk = found.setdefault(f"p{block}" if block else f"quote-{quote}", Talk())
        talk.count += number
        if state != Passage.State.CHANGED and start is not None:
            talk.spans.append((start, start + length))
    return found
