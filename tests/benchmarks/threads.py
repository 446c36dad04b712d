"""Compare long and short discussions: first page, permalink deep in the thread, posting a reply, recommending.

All discussions are in one database, so the short one, too, is read among a hundred thousand other comments. "Cold" is
a server without an in-process cache: what the first reader after a change waits for.
"""

import os
import re
import sys
import time
import urllib.request
from urllib.parse import urlencode

from tests.benchmarks.__main__ import Row, benchmark_site, comment_requests, free_port, print_table, serving
from tests.benchmarks.load import Request, run

SIZES = [int(size) for size in os.environ.get("BENCH_THREADS", "100 10000 100000").split()]
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1500")) // 3
WRITERS = 40  # Each comment_requests once in each discussion.
WARM_UP = 40
POST_INTERVAL = 6  # Seconds; the site requires 5 between two comments of a reader.
PLAIN = {"Accept-Encoding": "gzip"}


def recommendations(port: int, path: str, comments: list[int], cookies: list[str]) -> list[Request]:
    """Return requests in which each reader recommends a comment that is not their own."""
    requests = []
    for cookie, comment in zip(cookies, comments[1:], strict=False):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as response:
            page, cookies_set = response.read().decode(), ";".join(response.headers.get_all("Set-Cookie") or [])
        cookie_token = re.search(r"csrftoken=(\w+)", cookies_set)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token is None or cookie_token is None:
            raise RuntimeError("a signed-in reader got no form")
        headers = {
            "Cookie": f"{cookie}; csrftoken={cookie_token[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        }
        body = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
        requests.append(Request(f"/comments/{comment}/recommend/", headers, body))
    return requests


def is_ok(status: int) -> bool:
    return status in (200, 302, 303)


def main() -> None:
    rows: list[Row] = []
    port = free_port()

    def measure(pid: int, name: str, requests: list[Request], *, warm: bool = True) -> None:
        if warm:
            run(port, pid, (requests * WARM_UP)[:WARM_UP], is_ok=is_ok)
            requests = (requests * REQUESTS)[:REQUESTS]
        rows.append(Row(name, run(port, pid, requests, is_ok=is_ok)))
        print(f"{name:44}{rows[-1].measured.cpu:8.2f}", file=sys.stderr, flush=True)

    with benchmark_site(WRITERS, 0, *SIZES) as (environment, site):
        threads = list(zip(SIZES, site["threads"], strict=True))
        signed_in = [PLAIN | {"Cookie": cookie} for cookie in site["cookies"]]
        with serving(environment | {"PORT": str(port), "BENCH_COLD": "1"}, port) as pid:
            measure(pid, "constant Django view", [Request("/constant/", PLAIN)])
            for size, thread in threads:
                measure(pid, f"{size:7,}: first page, cold", [Request(thread["article"], PLAIN)])
            for size, thread in threads:
                requests = [Request(thread["article"], headers) for headers in signed_in]
                measure(pid, f"{size:7,}: first page, signed in, cold", requests)
        with serving(environment | {"PORT": str(port)}, port) as pid:
            for size, thread in threads:
                measure(pid, f"{size:7,}: first page", [Request(thread["article"], PLAIN)])
            for size, thread in threads:
                requests = [Request(thread["article"], headers) for headers in signed_in]
                measure(pid, f"{size:7,}: first page, signed in", requests)
            for size, thread in threads:
                middle = thread["comments"][size // 2 : size // 2 + 50]
                requests = [Request(f"/comments/{comment}/", signed_in[0]) for comment in middle]
                measure(pid, f"{size:7,}: deep permalink, signed in", requests)
            for size, thread in threads:
                comment = thread["comments"][size // 2]
                address = f"/comments/{comment}/reply/"
                requests = comment_requests(port, address, site["cookies"], body=f"A reply among {size} comments.")
                time.sleep(POST_INTERVAL)
                measure(pid, f"{size:7,}: posting a reply", requests, warm=False)
            for size, thread in threads:
                requests = recommendations(port, thread["article"], thread["comments"], site["cookies"])
                measure(pid, f"{size:7,}: recommending", requests, warm=False)
    print()
    print_table(rows)
    figures = {row.name: row.measured for row in rows}
    for name in ("first page, cold", "first page, signed in, cold", "first page", "first page, signed in"):
        small, large = (figures[f"{size:7,}: {name}"].cpu for size in (SIZES[0], SIZES[-1]))
        print(f"{name}: {SIZES[-1]:,} comments cost {large / small:.2f} times what {SIZES[0]:,} cost")


if __name__ == "__main__":
    main()
