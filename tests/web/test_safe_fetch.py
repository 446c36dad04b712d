"""Asking addresses elsewhere: real servers on this machine, and everything inside left alone."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from articles.web import safe_fetch
from articles.web.safe_fetch import Reach, Trouble, ask, is_public

INSIDE = [
    "127.0.0.1",
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "2001:db8::1",
]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[Any], None]) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(f"{self.command} {self.path}")
                answer(self)

            do_HEAD = do_GET  # noqa: N815  # The library's own name.

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone; that is what some tests are about."""


@contextmanager
def serving(answer: Callable[[Any], None]) -> Iterator[Server]:
    server = Server(answer)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def here(server: Server, seconds: float = 5) -> Reach:
    """Every name leads to this server, and it may be asked."""
    port = server.server_address[1]
    return Reach(
        ports={"http": port}, allows=lambda _address: True, resolve=lambda _h, p: [("127.0.0.1", p)], seconds=seconds
    )


def says(status: int, **headers: str) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


def test_an_address_that_answers_is_asked_by_its_head_alone() -> None:
    with serving(says(200)) as server:
        answer = ask("http://paper.example/a?b=1#c", here(server))
        assert (answer.status, answer.trouble) == (200, None)
        assert server.asked == ["HEAD /a?b=1"]


def test_a_server_that_refuses_heads_is_asked_for_the_page() -> None:
    def answer(handler: Any) -> None:
        says(405 if handler.command == "HEAD" else 200)(handler)

    with serving(answer) as server:
        assert ask("http://paper.example/", here(server)).status == 200
        assert server.asked == ["HEAD /", "GET /"]


@pytest.mark.parametrize(("status", "permanent"), [(301, True), (302, False), (308, True)])
def test_redirects_are_followed_and_told(status: int, permanent: bool) -> None:
    def answer(handler: Any) -> None:
        says(*((200,) if handler.path == "/new" else (status,)), Location="/new")(handler)

    with serving(answer) as server:
        found = ask("http://paper.example/old", here(server))
        assert (found.status, found.url, found.permanent) == (200, "http://paper.example/new", permanent)


def test_a_loop_of_redirects_ends() -> None:
    with serving(says(302, Location="/again")) as server:
        assert ask("http://paper.example/", here(server)).trouble == Trouble.LOOP
        assert len(server.asked) == safe_fetch.HOPS + 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "0.0.0.0",  # noqa: S104
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ],
)
def test_this_machine_is_never_connected_to(address: str) -> None:
    with serving(says(200)) as server:
        port = server.server_address[1]
        answer = ask(f"http://{address}/", Reach(ports={"http": port}))
        assert answer.trouble in (Trouble.NOT_ASKED, Trouble.NO_HOST)
        assert answer.status == 0
        assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://paper.example/",
        "ftp://paper.example/",
        "javascript:alert(1)",
        "http://paper.example:22/",
        "http://paper.example:6379/",
        "https://paper.example:80/",
        "http://user@paper.example/",
        "http://user:word@paper.example/",
        "http:///path",
        "http://",
        "http://[",
        "http://paper.example:port/",
        "http://" + "a" * 70 + ".example/",
        "//paper.example/",
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_not_even_looked_up(url: str) -> None:
    def fail(host: str, port: int) -> list[safe_fetch.Address]:
        raise AssertionError(f"{host}:{port} was looked up")

    assert ask(url, Reach(resolve=fail)).trouble == Trouble.NOT_ASKED


def test_a_redirect_to_an_address_inside_is_not_followed() -> None:
    with serving(says(200)) as inside:
        target = f"http://127.0.0.1:{inside.server_address[1]}/"
        with serving(says(302, Location=target)) as outer:
            port = outer.server_address[1]

            def resolve(host: str, _port: int) -> list[safe_fetch.Address]:
                return [("127.0.0.1", port)] if host == "paper.example" else [(host, _port)]

            reach = Reach(ports={"http": port}, allows=lambda a: True, resolve=resolve)
            assert ask("http://paper.example/", reach).trouble == Trouble.NOT_ASKED
        assert inside.asked == []


def test_each_hop_is_judged_by_its_own_addresses() -> None:
    with serving(says(302, Location="http://inside.example/")) as server:
        port = server.server_address[1]
        answers = {"outside.example": "198.51.100.7", "inside.example": "10.0.0.1"}
        judged: list[str] = []

        def allows(address: str) -> bool:
            judged.append(address)
            return address != "10.0.0.1"

        def resolve(host: str, _port: int) -> list[safe_fetch.Address]:
            address = answers[host]
            return [("127.0.0.1", port)] if host == "outside.example" else [(address, _port)]

        answer = ask("http://outside.example/", Reach(ports={"http": port}, allows=allows, resolve=resolve))
        assert answer.trouble == Trouble.NOT_ASKED
        assert judged == ["127.0.0.1", "10.0.0.1"]
        assert server.asked == ["HEAD /"]


def test_one_address_inside_among_several_refuses_them_all() -> None:
    both: list[safe_fetch.Address] = [("93.184.216.34", 80), ("127.0.0.1", 80)]
    assert ask("http://paper.example/", Reach(resolve=lambda _h, _p: both)).trouble == Trouble.NOT_ASKED


def test_a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing() -> None:
    with serving(says(405)) as server:  # HEAD, then GET: two connections.
        port = server.server_address[1]
        given = iter([[("127.0.0.1", port)]])
        reach = Reach(ports={"http": port}, allows=lambda a: True, resolve=lambda _h, _p: next(given))
        assert ask("http://paper.example/", reach).status == 405
        assert server.asked == ["HEAD /", "GET /"]


def test_a_name_that_nobody_has_is_told_from_a_name_server_that_is_away() -> None:
    def nobody(_host: str, _port: int) -> list[safe_fetch.Address]:
        raise socket.gaierror(socket.EAI_NONAME, "none")

    def away(_host: str, _port: int) -> list[safe_fetch.Address]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    assert ask("http://paper.example/", Reach(resolve=nobody)).trouble == Trouble.NO_HOST
    assert ask("http://paper.example/", Reach(resolve=away)).trouble == Trouble.SILENT


def test_nobody_listening_is_silence() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        reach = Reach(ports={"http": port}, allows=lambda a: True, resolve=lambda _h, p: [("127.0.0.1", p)])
        assert ask("http://paper.example/", reach).trouble == Trouble.SILENT


def test_a_name_s_second_address_has_its_turn_when_the_first_is_silent() -> None:
    with socket.socket() as silent, serving(says(200)) as server:
        silent.bind(("127.0.0.2", 0))
        silent.listen()  # Connections wait here for ever.
        port = server.server_address[1]
        both = [("127.0.0.2", silent.getsockname()[1]), ("127.0.0.1", port)]
        reach = Reach(ports={"http": port}, allows=lambda a: True, resolve=lambda _h, _p: both, seconds=2)
        assert ask("http://paper.example/", reach).status == 200


def test_a_server_that_drops_heads_is_asked_for_the_page() -> None:
    def answer(handler: Any) -> None:
        if handler.command == "GET":
            says(200)(handler)

    with serving(answer) as server:
        assert ask("http://paper.example/", here(server)).status == 200


def test_who_says_that_we_ask_too_much_is_not_asked_again_at_once() -> None:
    with serving(says(429)) as server:
        assert ask("http://paper.example/", here(server)).status == 429
        assert server.asked == ["HEAD /"]


@pytest.mark.parametrize("location", ["/" + "a" * 3000, "/x\x00y", "/\x85"])
def test_a_redirect_that_no_table_takes_is_not_followed(location: str) -> None:
    def answer(handler: Any) -> None:
        head = f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        handler.wfile.write(head.encode("latin-1"))

    with serving(answer) as server:
        assert ask("http://paper.example/", here(server)).trouble in (Trouble.NOT_ASKED, Trouble.LOOP, Trouble.SILENT)


def drip(handler: Any) -> None:
    """A header a moment, for ever: no single wait is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: and more\r\n")
        handler.wfile.flush()
        time.sleep(0.1)


def hold(handler: Any) -> None:
    time.sleep(3)


@pytest.mark.parametrize("answer", [drip, hold])
def test_a_server_that_takes_its_time_is_left_at_the_deadline(answer: Callable[[Any], None]) -> None:
    with serving(answer) as server:
        began = time.monotonic()
        assert ask("http://paper.example/", here(server, seconds=0.6)).trouble == Trouble.SILENT
        assert time.monotonic() - began < 2.5


def test_an_endless_body_is_not_read() -> None:
    sent = []

    def answer(handler: Any) -> None:
        handler.send_response(405 if handler.command == "HEAD" else 200)
        handler.end_headers()
        while handler.command == "GET":
            handler.wfile.write(b"x" * 65536)
            sent.append(65536)

    with serving(answer) as server:
        assert ask("http://paper.example/", here(server)).status == 200
    assert sum(sent) < 20_000_000, "no more than what fits into the buffers on the way"


@pytest.mark.parametrize(
    "head",
    [
        b"\0\1\2\3",
        b"HTTP/1.1 999999 x\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500,
        b"",
    ],
)
def test_nonsense_is_silence(head: bytes) -> None:
    with serving(lambda handler: handler.wfile.write(head)) as server:
        assert ask("http://paper.example/", here(server)).trouble == Trouble.SILENT


@pytest.mark.parametrize(
    "location", ["http://[", "javascript:alert(1)", "file:///etc/passwd", "http://x:99999999/", "\x7f", "//"]
)
def test_a_redirect_to_nonsense_is_not_followed(location: str) -> None:
    with serving(says(302, Location=location)) as server:
        found = ask("http://paper.example/", here(server))
        assert found.trouble in (Trouble.NOT_ASKED, Trouble.LOOP)


def test_letters_of_any_script_are_asked_for_as_servers_know_them() -> None:
    with serving(says(200)) as server:
        assert ask("http://bücher.example/straße/ä b?q=ö", here(server)).status == 200
        assert server.asked == ["HEAD /stra%C3%9Fe/%C3%A4%20b?q=%C3%B6"]
