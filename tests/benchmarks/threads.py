"""What a long discussion costs beside a short one: its first screen, a comment deep in it, a reply, a recommendation.

All threads stand in one database, so the short one, too, is read among a hundred thousand other comments. "Cold" is a
server that keeps nothing in memory: what the first reader after a change waits for.
"""

import os
import re
import sys
import time
import urllib.request
from urllib.parse import urlencode

from tests.benchmarks.__main__ import free_port, paper_of, posts, serving, table
from tests.benchmarks.load import Ask, Figures, run

SIZES = [int(size) for size in os.environ.get("BENCH_THREADS", "100 10000 100000").split()]
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1500")) // 3
WRITERS = 40  # Each writes once in each thread.
WARM_UP = 40
APART = 6  # Seconds: between two comments of one reader the paper wants 5.
PLAIN = {"Accept-Encoding": "gzip"}


def recommendations(port: int, path: str, comments: list[int], cookies: list[str]) -> list[Ask]:
    """Each reader recommends another comment, none their own: they took turns in writing."""
    asks = []
    for cookie, comment in zip(cookies, comments[1:], strict=False):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as answer:
            page, sent = answer.read().decode(), ";".join(answer.headers.get_all("Set-Cookie") or [])
        cookie_token = re.search(r"csrftoken=(\w+)", sent)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token is None or cookie_token is None:
            raise RuntimeError("a signed-in reader was shown no form")
        headers = {
            "Cookie": f"{cookie}; csrftoken={cookie_token[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        }
        body = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
        asks.append(Ask(f"/comments/{comment}/recommend/", headers, body))
    return asks


def well(status: int) -> bool:
    return status in (200, 302, 303)


def main() -> None:
    rows: list[tuple[str, Figures]] = []
    port = free_port()

    def measure(pid: int, name: str, asks: list[Ask], *, warm: bool = True) -> None:
        if warm:
            run(port, pid, (asks * WARM_UP)[:WARM_UP], good=well)
            asks = (asks * REQUESTS)[:REQUESTS]
        rows.append((name, run(port, pid, asks, good=well)))
        print(f"{rows[-1][0]:44}{rows[-1][1].cpu:8.2f}", file=sys.stderr, flush=True)

    with paper_of(WRITERS, 0, *SIZES) as (environment, paper):
        threads = list(zip(SIZES, paper["threads"], strict=True))
        signed_in = [PLAIN | {"Cookie": cookie} for cookie in paper["cookies"]]
        with serving(environment | {"PORT": str(port), "BENCH_COLD": "1"}, port) as pid:
            measure(pid, "constant Django view", [Ask("/constant/", PLAIN)])
            for size, thread in threads:
                measure(pid, f"{size:7,}: first screen, cold", [Ask(thread["article"], PLAIN)])
            for size, thread in threads:
                asks = [Ask(thread["article"], headers) for headers in signed_in]
                measure(pid, f"{size:7,}: first screen, signed in, cold", asks)
        with serving(environment | {"PORT": str(port)}, port) as pid:
            for size, thread in threads:
                measure(pid, f"{size:7,}: first screen", [Ask(thread["article"], PLAIN)])
            for size, thread in threads:
                asks = [Ask(thread["article"], headers) for headers in signed_in]
                measure(pid, f"{size:7,}: first screen, signed in", asks)
            for size, thread in threads:
                middle = thread["comments"][size // 2 : size // 2 + 50]
                asks = [Ask(f"/comments/{comment}/", signed_in[0]) for comment in middle]
                measure(pid, f"{size:7,}: deep permalink, signed in", asks)
            for size, thread in threads:
                comment = thread["comments"][size // 2]
                address = f"/comments/{comment}/reply/"
                forms = posts(port, address, paper["cookies"], body=f"A reply among {size} comments.")
                time.sleep(APART)
                measure(pid, f"{size:7,}: posting a reply", forms, warm=False)
            for size, thread in threads:
                asks = recommendations(port, thread["article"], thread["comments"], paper["cookies"])
                measure(pid, f"{size:7,}: recommending", asks, warm=False)
    print()
    table(rows)
    figures = dict(rows)
    for name in ("first screen, cold", "first screen, signed in, cold", "first screen", "first screen, signed in"):
        small, large = (figures[f"{size:7,}: {name}"].cpu for size in (SIZES[0], SIZES[-1]))
        print(f"{name}: {SIZES[-1]:,} comments cost {large / small:.2f} times what {SIZES[0]:,} cost")


if __name__ == "__main__":
    main()
