"""Sort paths, which put a thread into reading order by string comparison."""

from articles.discussion.models import Comment
from articles.discussion.models.comment import PATH_LEVELS, PATH_SEGMENT

MAX_LENGTH = PATH_LEVELS * PATH_SEGMENT  # Of a path at the cap.
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(number: int) -> str:
    """Return a comment's id as one path segment: base 36, fixed width."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(PATH_SEGMENT, "0")


def path_of(comment: Comment) -> str:
    """Return a comment's path. Below the cap it is the path of the last ancestor above the cap."""
    if comment.parent is None:
        return segment(comment.pk)
    if comment.depth >= PATH_LEVELS:
        return comment.parent.path
    return comment.parent.path + segment(comment.pk)


def after_path(path: str) -> str:
    """Return the first path after a comment and its replies."""
    return path[:-PATH_SEGMENT] + segment(int(path[-PATH_SEGMENT:], 36) + 1)
