"""Faults of processes, locks and requests, injected while readers use the site."""

import os
import re
import signal
import socket
import time
from collections import Counter
from urllib.parse import unquote_to_bytes

from tests.benchmarks.load import Request
from tests.faults.site import CUT, OK, SQLITE, TIMEOUT, Site, Storm, Verdict, fault, judge, memory

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "20"))
READERS = 36 * ROUNDS + 1_400  # Each posts one comment.
THREAD_SIZE = int(os.environ.get("FAULTS_COMMENTS", "10000"))
HOSTILE = {
    "NUL": b"%00",
    "a lone surrogate": b"%ED%A0%80",
    "invalid UTF-8": b"%FF%FE",
    "an overlong encoding": b"%C0%AF",
    "a bidirectional override": b"%E2%80%AE",
    "10,000 combining marks": b"a" + b"%CC%81" * 10_000,
}


@fault("F1", "kill -9 of a worker every two seconds in a storm")
def kill_workers(site: Site) -> Verdict:
    storm, longest = Storm(site, site.posts(20 * ROUNDS), pause=0.8), 0.0
    for _ in range(ROUNDS):
        before = site.web
        os.kill(before[0], signal.SIGKILL)
        begin = time.monotonic()
        while len(site.web) < len(before):
            time.sleep(0.05)
        longest = max(longest, time.monotonic() - begin)
        time.sleep(2)
    storm.wait()
    first = dict(storm.statuses)
    up = site.wait_until_up()
    storm.retry()
    kept, text = storm.verdict()
    after = [site.get("/").status for _ in range(20)]
    text = f"{ROUNDS} kills, answers {first}; with retries {text}; replaced in {longest:.1f} s at most,"
    text += f" responding {up:.1f} s after the storm"
    retried = set(storm.statuses) <= {*OK}
    return judge(text, kept=kept, replaced_soon=longest < 2, pages=set(after) == {200}, retried=retried)


@fault("F2", "kill -9 of the main process under load, again and again")
def kill_main(site: Site) -> Verdict:
    gone, started, storms = [], [], []
    posts = site.posts(16 * ROUNDS)
    for number in range(ROUNDS):
        storms.append(Storm(site, posts[16 * number : 16 * number + 16]))
        time.sleep(0.05)
        gone.append(site.stop(signal.SIGKILL))
        storms[-1].wait()
        started.append(site.start())
    losses = [not storm.verdict()[0] for storm in storms]
    text = f"{ROUNDS} times: processes gone in {max(gone):.1f} s at most, {len(started)} clean starts in"
    text += f" {max(started):.1f} s at most, {sum(len(storm.acknowledged) for storm in storms)} acknowledged,"
    text += f" {sum(losses)} rounds with a loss"
    return judge(text, kept=not any(losses), gone_soon=max(gone) <= 5)


@fault("D1", "kill -9 of the main process while eight comments wait for a lock")
def kill_locked(site: Site) -> Verdict:
    posts = site.posts(16)
    with site.lock():
        storm = Storm(site, posts[:8])
        time.sleep(1)
        gone = site.stop(signal.SIGKILL)
    storm.wait()
    started = site.start()
    after = Storm(site, posts[8:]).wait()
    kept, text = after.verdict()
    text = f"processes gone in {gone:.1f} s, new start in {started:.1f} s, afterwards {text}"
    works = kept and len(after.acknowledged) == 8
    return judge(text, kept=storm.verdict()[0], gone_soon=gone <= 5, works_again=works)


@fault("D2", "Ctrl+C")
def interrupt(site: Site) -> Verdict:
    assert site.process is not None
    begin = time.monotonic()
    os.killpg(site.pid, signal.SIGINT)
    code = site.process.wait(timeout=TIMEOUT)
    seconds = time.monotonic() - begin
    site.start()
    return judge(f"ended in {seconds:.1f} s", status_0=code == 0, soon=seconds < 3)


@fault("F3", "SIGTERM under load")
def terminate(site: Site) -> Verdict:
    storm = Storm(site, site.posts(100))
    time.sleep(0.3)
    seconds = site.stop()
    storm.wait()
    site.start()
    kept, text = storm.verdict()
    stored = site.stored()
    dropped = [number for number, answer in storm.answers.items() if answer.status == CUT and stored[number]]
    text = f"{text}, {len(dropped)} stored without an answer; ended in {seconds:.1f} s"
    return judge(text, kept=kept, none_dropped=not dropped, soon=seconds < 20)


@fault("F6", "the lock that a comment needs is held for 3 s")
def short_lock(site: Site) -> Verdict:
    posts = site.posts(4)
    site.p95("/", 20)  # The first answers of a process take up to 0.4 s, whatever is locked.
    with site.lock():
        storm = Storm(site, posts)
        reads = site.p95("/", 20)
        time.sleep(3)
    kept, text = storm.wait().verdict()
    text = f"{text}; reading p95 {reads:.1f} ms"
    return judge(text, kept=kept, waited=len(storm.acknowledged) == 4, reads=reads < 300)


@fault("F6 D3 D4", "the lock that a comment needs is held for 30 s")
def long_lock(site: Site) -> Verdict:
    posts = site.posts(24)
    site.sign_in(source="127.0.6.1")  # Creates the member.
    with site.lock():
        begin = time.monotonic()
        storm = Storm(site, posts[:20])
        slowest = 0.0
        while time.monotonic() - begin < 10:
            for path in ("/", site.data["article"], "/search/?q=harbour", "/healthz"):
                answer = site.get(path)
                slowest = max(slowest, answer.seconds if answer.status == 200 else float("inf"))
            time.sleep(1)  # Anonymous searches are limited.
        storm.wait()
        waited = time.monotonic() - begin
        sign_in = site.sign_in(source="127.0.6.2").status
        time.sleep(max(0, 30 - (time.monotonic() - begin)))
    told = all(answer.headers["Retry-After"] for answer in storm.answers.values())
    after = Storm(site, posts[20:]).wait()
    text = f"answers {dict(storm.statuses)}, all in {waited:.0f} s; slowest page {slowest * 1000:.0f} ms"
    text += f"; sign-in {sign_in}; afterwards {after.verdict()[1]}"
    # On PostgreSQL the lock is of one article, and a sign-in needs none.
    right = sign_in == (503 if site.engine == SQLITE else 302)
    refused = set(storm.statuses) == {503} and told
    works = len(after.acknowledged) == 4
    return judge(text, refused=refused, sign_in=right, reads=slowest < 1, works_again=works)


@fault("D5", "380 comments by six clients")
def fair_queue(site: Site) -> Verdict:
    storm = Storm(site, site.posts(380), clients=6).wait()
    kept, text = storm.verdict()
    return judge(f"{text}; answers {dict(storm.statuses)}", kept=kept, all_served=len(storm.acknowledged) == 380)


@fault("F9", "the same form sent 50 times at once")
def double_submit(site: Site) -> Verdict:
    ((number, request),) = site.posts(1)
    storm = Storm(site, [(-place, request) for place in range(1, 51)]).wait()
    rows = site.stored()[number]
    text = f"{rows} row, answers {dict(storm.statuses)}"
    return judge(text, one_row=rows == 1, no_errors=set(storm.statuses) <= {*OK})


@fault("F10", "the connection is lost after the form was sent")
def lost_answer(site: Site) -> Verdict:
    posts = site.posts(5)
    for _number, request in posts:
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        body = request.body or b""
        start = f"POST {request.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{head}\r\n"
        with socket.create_connection(("127.0.0.1", site.port)) as client:
            client.sendall(start.encode() + body)
    statuses = [site.ask(request).status for _number, request in posts]
    stored = site.stored()
    rows = [stored[number] for number, _request in posts]
    text = f"rows {rows}, second answers {statuses}"
    return judge(text, one_row_each=rows == [1] * 5, no_errors=set(statuses) <= {*OK})


@fault("F15", "a discussion of very many comments")
def long_discussion(site: Site) -> Verdict:
    path = site.data["threads"][0]["article"]
    size = len(site.get(path).text.encode()) / 1000
    p95 = site.p95(path, 20)
    text = f"{THREAD_SIZE} comments: first page {size:.0f} KB, p95 {p95:.1f} ms"
    return judge(text, fast=p95 < 300, small=size < 300)


@fault("F16", "20 comments of 1 MB at once")
def huge_comments(site: Site) -> Verdict:
    before = {pid: memory(pid) for pid in site.web}
    huge = [(number, Request(r.path, r.headers, (r.body or b"") + b"x" * 1_000_000)) for number, r in site.posts(20)]
    storm = Storm(site, huge, clients=20).wait()
    grown = max(memory(pid) - size for pid, size in before.items())
    stored = site.stored()
    none = not any(stored[number] for number, _request in huge)
    alone = site.ask(huge[0][1]).seconds * 1000
    text = f"answers {dict(storm.statuses)}, one alone in {alone:.0f} ms, a worker +{grown:.0f} MB at most"
    refused = none and set(storm.statuses) == {413}
    return judge(text, refused=refused, memory=grown < 50, at_once=alone < 200)


@fault("F17", "bytes that are no text in paths, queries, headers, cookies, fields and file names")
def hostile_bytes(site: Site) -> Verdict:
    def sent(value: bytes) -> list[bytes]:
        raw = unquote_to_bytes(value)
        form = b"POST /accounts/login/ HTTP/1.1\r\nContent-Type: "
        part = b'--x\r\nContent-Disposition: form-data; name="login"; filename="' + raw + b'"\r\n\r\na\r\n--x--\r\n'
        fields = b"login=" + value + b"&password=a"
        return [
            b"GET /" + value + b" HTTP/1.1\r\n",
            b"GET /search/?q=" + value + b" HTTP/1.1\r\n",
            b"GET /" + raw + b" HTTP/1.1\r\n",
            b"GET / HTTP/1.1\r\nReferer: " + raw + b"\r\n",
            b"GET /search/?q=a HTTP/1.1\r\nCookie: sessionid=" + raw + b"\r\n",
            form + b"application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(fields) + b"@" + fields,
            form + b"multipart/form-data; boundary=x\r\nContent-Length: %d\r\n" % len(part) + b"@" + part,
        ]

    def status(request: bytes) -> str:
        head, _, body = request.partition(b"@")
        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
            client.sendall(head + b"Host: localhost\r\nConnection: close\r\n\r\n" + body)
            return client.recv(12).decode(errors="replace")[9:] or "closed"

    found = Counter(status(request) for value in HOSTILE.values() for request in sent(value))
    return judge(f"answers {dict(found)}", no_server_errors=not any(name.startswith("5") for name in found))


@fault("F18", "200 clients that send slowly, 200 idle ones, 50 that don't read")
def slow_clients(site: Site) -> Verdict:
    slow = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nlo"
    unread = f"GET {site.data['article']} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    opened = []
    for sent, number in [(slow, 200), (b"", 200), (unread, 50)]:
        for _ in range(number):
            client = socket.create_connection(("127.0.0.1", site.port))
            client.sendall(sent)
            opened.append(client)
    front, health = site.p95("/"), site.p95("/healthz")
    for client in opened:
        client.close()
    return judge(f"front page p95 {front:.1f} ms, /healthz {health:.1f} ms", fast=max(front, health) < 300)


@fault("F28", "forms without a token, with another reader's, from another site, or of another type")
def forged_forms(site: Site) -> Verdict:
    posts = site.posts(6)
    other = re.search(rb"csrfmiddlewaretoken=\w+", posts[5][1].body or b"")
    assert other is not None
    statuses = []
    for number, (body, headers) in enumerate([
        (rb"", {}),
        (rb"", {"HX-Request": "true"}),
        (other[0], {}),
        (None, {"Origin": "https://evil.example"}),
        (rb"", {"Content-Type": "text/plain"}),
    ]):  # fmt: skip
        request = posts[number][1]
        sent = request.body if body is None else re.sub(rb"csrfmiddlewaretoken=\w+", body, request.body or b"")
        statuses.append(site.ask(Request(request.path, request.headers | headers, sent)).status)
    stored = site.stored()
    none = not any(stored[number] for number, _request in posts[:5])
    honest = site.ask(posts[5][1]).status
    text = f"answers {statuses}, the reader's own form {honest}"
    return judge(text, refused=none and set(statuses) <= {403, 422}, own_form=honest in OK)


@fault("all", "counts after all of this")
def recount(site: Site) -> Verdict:
    site.stored()  # Checks the integrity of the file.
    said = site.manage("recount").stdout.strip()
    return judge(said.splitlines()[-1], correct="All counts are correct." in said)
