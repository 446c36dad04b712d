"""A progress bar for commands that take minutes, if somebody looks at a terminal."""

import sys
from time import monotonic

WIDTH = 40  # Characters.


class ProgressBar:
    def __init__(self, total: int) -> None:
        self._total, self._begun, self._first = max(1, total), monotonic(), None if total else 0

    def show(self, done: int, note: str) -> None:
        """Show how many steps are done, a note, and how long the others will take."""
        if not sys.stderr.isatty():
            return
        if self._first is None:  # What an earlier run has done says nothing about how quick this one is.
            self._first = done
        new, left = done - self._first, self._total - done
        minutes = (monotonic() - self._begun) / new * left / 60 if new else 0
        estimate = f", {minutes:.0f} minutes left" if new and left else ""
        bar = "#" * (WIDTH * done // self._total)
        sys.stderr.write(
            f"\r[{bar:<{WIDTH}}] {done / self._total:4.0%}, {note}{estimate} \033[K{'' if left else chr(10)}"
        )
        sys.stderr.flush()
