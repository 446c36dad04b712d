"""Measure how the time of a function grows with its input, in one run: the machine's speed doesn't matter."""

from collections.abc import Callable
from time import process_time

LINEAR = 8  # Four times the input takes a linear function four times as long, and a quadratic one sixteen times.
ROUNDS = 3
TRIES = 4  # A machine that is busy with something else can double a figure, but hardly so often in a row.


def growth(function: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    """Return how many times as long it takes for `2 * size` as for `size / 2`: the least of some tries.

    A tail of its own keeps caches of results out of it.
    """
    ratio = float("inf")
    for number in range(TRIES):
        times = [_shortest(function, make, length, number) for length in (2 * size, size // 2)]
        ratio = min(ratio, times[0] / times[1])
        if ratio < LINEAR:
            break
    return ratio


def _shortest(function: Callable[[str], object], make: Callable[[int], str], size: int, number: int) -> float:
    times = []
    for round_ in range(ROUNDS):
        text = f"{make(size)}\n\n{number} {round_} of {size}"
        start = process_time()
        function(text)
        times.append(process_time() - start)
    return max(min(times), 1e-4)
