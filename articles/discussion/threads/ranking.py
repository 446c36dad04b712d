"""How well a comment is thought of: the lower bound of Wilson's interval."""

from math import sqrt

Z = 1.281551565545  # 80 % two-sided confidence, as at Lobsters.

# Lobsters hides a young comment's score, so that the first votes against it draw no others. Here every number is shown
# at once: nobody can vote a comment down, so there is nothing to pile on; most of a news thread is over within hours,
# and a number that is hidden for those hours would be hidden for all that matters; and whoever lets friends recommend
# a comment in its first minutes does so in the open.


def wilson(ups: int, downs: int) -> float:
    """At least this share of readers would recommend it (0 to 1).

    Args:
        ups: Recommendations.
        downs: Reports that no moderator has dismissed.
    """
    n = ups + downs
    if n == 0:
        return 0.0
    share = ups / n
    middle = share + Z * Z / (2 * n)
    spread = Z * sqrt((share * (1 - share) + Z * Z / (4 * n)) / n)
    return min(1.0, max(0.0, (middle - spread) / (1 + Z * Z / n)))
