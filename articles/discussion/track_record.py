"""What a reader's comments say about them, for `accounts.trust`."""

from django.db.models import Max

from articles.accounts.models import User
from articles.accounts.trust import Record, register_record
from articles.discussion.models import Comment, ModerationAction


def record_of(reader: User) -> Record:
    comments = Comment.objects.filter(author=reader)
    hides = ModerationAction.objects.filter(
        action=ModerationAction.Action.HIDE, comment__author=reader, comment__state=Comment.State.HIDDEN
    )
    return Record(
        public_comments=comments.public().count(),
        last_hidden_at=hides.aggregate(latest=Max("created_at"))["latest"],
    )


register_record(record_of)
