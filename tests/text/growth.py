"""Measure how the time of a function grows with its input, in one run: the machine's speed doesn't matter."""

from collections.abc import Callable
from time import process_time

LINEAR = 2.6  # Twice the input takes at most this many times as long; a quadratic function takes four times.
ROUNDS = 3


def growth(function: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    """Return how many times as long the doubled input takes; the shortest of some rounds, which is the least disturbed.

    A tail of its own keeps caches of results out of it.
    """
    return _shortest(function, make, 2 * size) / _shortest(function, make, size)


def _shortest(function: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    times = []
    for number in range(ROUNDS):
        text = f"{make(size)}\n\n{number} of {size}"
        start = process_time()
        function(text)
        times.append(process_time() - start)
    return max(min(times), 1e-4)
