"""The search index of comments: the folded words of each public one, and nothing of those that readers don't see."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet

from articles.discussion.models import Comment
from articles.search.models import CommentDocument
from articles.search.word_segmentation import folded_words
from articles.text.excerpts import plain_text

BATCH = 500  # Comments indexed in one statement: some 50 ms during which others wait to write.


def index_comments(comments: "QuerySet[Comment]") -> None:
    """Write the rows of public comments, in short transactions."""
    for batch in batched(list(comments.values_list("pk", flat=True)), BATCH):
        with transaction.atomic():
            # Locked, so that none is hidden meanwhile and yet gets a row.
            locked = comments.model.objects.public().select_for_update(of=("self",), no_key=True)
            _store(locked.filter(pk__in=batch).only("body_html"))


def index_comment(comment: Comment) -> None:
    _store([comment])


def remove_comment(comment: Comment) -> None:
    CommentDocument.objects.filter(comment=comment).delete()


def _store(comments: Iterable[Comment]) -> None:
    CommentDocument.objects.bulk_create(
        [
            CommentDocument(comment_id=comment.pk, body=" ".join(folded_words(plain_text(comment.body_html))))
            for comment in comments
        ],
        update_conflicts=True,
        unique_fields=["comment"],
        update_fields=["body"],
    )
