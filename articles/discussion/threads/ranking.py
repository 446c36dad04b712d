"""Ranking of comments by the lower bound of the Wilson score interval."""

from math import sqrt

Z = 1.281551565545  # 80 % two-sided confidence, as on Lobsters.

# Lobsters hides the score of a new comment, so that early downvotes don't attract more. Scores are always shown here:
# there are no downvotes; most discussion of news is over within hours, so a hidden score would be hidden for most of
# its life; and early recommendations by friends are visible to all.


def wilson(ups: int, downs: int) -> float:
    """Return the share of readers, 0 to 1, who would at least recommend a comment.

    `ups` and `downs` are the recommendations and reports that rank, see `comment_counts.score`.
    """
    n = ups + downs
    if n == 0:
        return 0.0
    share = ups / n
    middle = share + Z * Z / (2 * n)
    spread = Z * sqrt((share * (1 - share) + Z * Z / (4 * n)) / n)
    return min(1.0, max(0.0, (middle - spread) / (1 + Z * Z / n)))
