"""Two and more people who do something at the very same moment, again and again."""

import os
from collections.abc import Callable
from threading import Barrier, BrokenBarrierError, Thread

from django.db import connection

ROUNDS = int(os.environ.get("RACES", "25"))  # RACES=200 for a night of it.
PATIENCE = 30  # Seconds.


def race(*works: Callable[[int], object], rounds: int) -> list[str]:
    """Let all begin each round together. Gives what went wrong; a work keeps the refusals that it expects to itself."""
    start = Barrier(len(works))
    troubles: list[str] = []

    def run(work: Callable[[int], object]) -> None:
        try:
            for number in range(rounds):
                start.wait(PATIENCE)
                work(number)
        except BrokenBarrierError:
            pass
        except Exception as error:
            troubles.append(f"{work.__name__}: {error!r}")
            start.abort()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return troubles
