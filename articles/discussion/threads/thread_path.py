"""The sort path: it puts a branch into reading order by plain comparison of texts."""

from articles.discussion.models import Comment
from articles.discussion.models.comment import PATH_LEVELS, PATH_SEGMENT

FULL = PATH_LEVELS * PATH_SEGMENT  # Length of a path at the cap.
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(number: int) -> str:
    """A comment's number as one level of a path: base 36, fixed width."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(PATH_SEGMENT, "0")


def path_of(comment: Comment) -> str:
    """The place in reading order. Below the cap all share the path of their last ancestor above it."""
    if comment.parent is None:
        return segment(comment.pk)
    if comment.depth >= PATH_LEVELS:
        return comment.parent.path
    return comment.parent.path + segment(comment.pk)


def after_path(path: str) -> str:
    """The first path that lies beyond a comment and all below it."""
    return path[:-PATH_SEGMENT] + segment(int(path[-PATH_SEGMENT:], 36) + 1)
