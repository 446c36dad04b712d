"""URL checks against real servers on this machine, and protection against SSRF."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest

from articles.web import safe_fetch
from articles.web.safe_fetch import Failure, Network, fetch, is_public_address

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
        self.connections = 0
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(f"{self.command} {self.path}")
                answer(self)

            do_HEAD = do_GET  # noqa: N815  # The library's own name.

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        self.connections += 1
        return True

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


def here(server: Server, seconds: float = 5) -> Network:
    """A network in which every host name resolves to this server."""
    port = server.server_address[1]
    return Network(
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
def test_a_special_address_is_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public_address(address)


def test_a_working_url_is_requested_with_head_only() -> None:
    with serving(says(200)) as server:
        answer = fetch("http://paper.example/a?b=1#c", here(server))
        assert (answer.status, answer.failure) == (200, None)
        assert server.asked == ["HEAD /a?b=1"]


def test_a_server_that_rejects_head_gets_a_get() -> None:
    def answer(handler: Any) -> None:
        says(405 if handler.command == "HEAD" else 200)(handler)

    with serving(answer) as server:
        assert fetch("http://paper.example/", here(server)).status == 200
        assert server.asked == ["HEAD /", "GET /"]


@pytest.mark.parametrize(("status", "permanent"), [(301, True), (302, False), (308, True)])
def test_redirects_are_followed_and_reported(status: int, permanent: bool) -> None:
    def answer(handler: Any) -> None:
        says(*((200,) if handler.path == "/new" else (status,)), Location="/new")(handler)

    with serving(answer) as server:
        found = fetch("http://paper.example/old", here(server))
        assert (found.status, found.url, found.permanent) == (200, "http://paper.example/new", permanent)


def test_a_loop_of_redirects_ends() -> None:
    with serving(says(302, Location="/again")) as server:
        assert fetch("http://paper.example/", here(server)).failure == Failure.REDIRECT_LOOP
        assert len(server.asked) == safe_fetch.MAX_REDIRECTS + 1


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
def test_there_is_never_a_connection_to_this_machine(address: str) -> None:
    with serving(says(200)) as server:
        port = server.server_address[1]
        answer = fetch(f"http://{address}/", Network(ports={"http": port}))
        # Without a network, a name with a dot at its end isn't found out to be this machine's.
        assert answer.failure in (Failure.NOT_PUBLIC, Failure.NO_HOST, Failure.NO_RESPONSE)
        assert answer.status == 0
        assert server.connections == 0


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
def test_an_invalid_url_is_not_even_resolved(url: str) -> None:
    def fail(host: str, port: int) -> list[safe_fetch.Address]:
        raise AssertionError(f"{host}:{port} was looked up")

    assert fetch(url, Network(resolve=fail)).failure == Failure.NOT_PUBLIC


def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    with serving(says(200)) as inside:
        target = f"http://127.0.0.1:{inside.server_address[1]}/"
        with serving(says(302, Location=target)) as outer:
            port = outer.server_address[1]

            def resolve(host: str, _port: int) -> list[safe_fetch.Address]:
                return [("127.0.0.1", port)] if host == "paper.example" else [(host, _port)]

            network = Network(ports={"http": port}, allows=lambda a: True, resolve=resolve)
            assert fetch("http://paper.example/", network).failure == Failure.NOT_PUBLIC
        assert inside.asked == []


def test_each_redirect_is_checked_by_its_own_addresses() -> None:
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

        answer = fetch("http://outside.example/", Network(ports={"http": port}, allows=allows, resolve=resolve))
        assert answer.failure == Failure.NOT_PUBLIC
        assert judged == ["127.0.0.1", "10.0.0.1"]
        assert server.asked == ["HEAD /"]


def test_one_private_address_among_several_rejects_them_all() -> None:
    both: list[safe_fetch.Address] = [("93.184.216.34", 80), ("127.0.0.1", 80)]
    assert fetch("http://paper.example/", Network(resolve=lambda _h, _p: both)).failure == Failure.NOT_PUBLIC


def test_a_host_is_resolved_once_against_dns_rebinding() -> None:
    with serving(says(405)) as server:  # HEAD, then GET: two connections.
        port = server.server_address[1]
        given = iter([[("127.0.0.1", port)]])
        network = Network(ports={"http": port}, allows=lambda a: True, resolve=lambda _h, _p: next(given))
        assert fetch("http://paper.example/", network).status == 405
        assert server.asked == ["HEAD /", "GET /"]


def test_an_unknown_host_differs_from_a_failing_name_server() -> None:
    def nobody(_host: str, _port: int) -> list[safe_fetch.Address]:
        raise socket.gaierror(socket.EAI_NONAME, "none")

    def away(_host: str, _port: int) -> list[safe_fetch.Address]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    assert fetch("http://paper.example/", Network(resolve=nobody)).failure == Failure.NO_HOST
    assert fetch("http://paper.example/", Network(resolve=away)).failure == Failure.NO_RESPONSE


def test_a_closed_port_is_no_response() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        network = Network(ports={"http": port}, allows=lambda a: True, resolve=lambda _h, p: [("127.0.0.1", p)])
        assert fetch("http://paper.example/", network).failure == Failure.NO_RESPONSE


def test_the_second_address_is_tried_when_the_first_does_not_respond() -> None:
    with socket.socket() as silent, serving(says(200)) as server:
        silent.bind(("127.0.0.2", 0))
        silent.listen()  # Connections wait here for ever.
        port = server.server_address[1]
        both = [("127.0.0.2", silent.getsockname()[1]), ("127.0.0.1", port)]
        network = Network(ports={"http": port}, allows=lambda a: True, resolve=lambda _h, _p: both, seconds=2)
        assert fetch("http://paper.example/", network).status == 200


def test_a_connection_that_closes_while_it_is_aborted_breaks_nothing() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        connection = safe_fetch._Connection(urlsplit("http://paper.example/"), listener.getsockname(), monotonic() + 5)
        connection.connect()
        open_socket = connection.sock

        class Closing:
            """Closes the connection, as the other thread does, between the two looks at its socket."""

            def shutdown(self, how: int) -> None:
                connection.close()
                open_socket.shutdown(how)

            def close(self) -> None:
                open_socket.close()

        connection.sock = Closing()
        connection.abort()
        assert connection.sock is None


def test_a_server_that_drops_head_gets_a_get() -> None:
    def answer(handler: Any) -> None:
        if handler.command == "GET":
            says(200)(handler)

    with serving(answer) as server:
        assert fetch("http://paper.example/", here(server)).status == 200


def test_a_server_that_sends_429_gets_no_second_request() -> None:
    with serving(says(429)) as server:
        assert fetch("http://paper.example/", here(server)).status == 429
        assert server.asked == ["HEAD /"]


@pytest.mark.parametrize("location", ["/" + "a" * 3000, "/x\x00y", "/\x85"])
def test_a_redirect_that_is_too_long_is_not_followed(location: str) -> None:
    def answer(handler: Any) -> None:
        head = f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        handler.wfile.write(head.encode("latin-1"))

    with serving(answer) as server:
        assert fetch("http://paper.example/", here(server)).failure in (
            Failure.NOT_PUBLIC,
            Failure.REDIRECT_LOOP,
            Failure.NO_RESPONSE,
        )


def drip(handler: Any) -> None:
    """An endless response of single headers: no single wait is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: and more\r\n")
        handler.wfile.flush()
        time.sleep(0.1)


def hold(handler: Any) -> None:
    time.sleep(3)


@pytest.mark.parametrize("answer", [drip, hold])
def test_a_slow_server_is_abandoned_at_the_deadline(answer: Callable[[Any], None]) -> None:
    with serving(answer) as server:
        began = time.monotonic()
        assert fetch("http://paper.example/", here(server, seconds=0.6)).failure == Failure.NO_RESPONSE
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
        assert fetch("http://paper.example/", here(server)).status == 200
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
def test_an_invalid_response_is_no_response(head: bytes) -> None:
    with serving(lambda handler: handler.wfile.write(head)) as server:
        assert fetch("http://paper.example/", here(server)).failure == Failure.NO_RESPONSE


@pytest.mark.parametrize(
    "location", ["http://[", "javascript:alert(1)", "file:///etc/passwd", "http://x:99999999/", "\x7f", "//"]
)
def test_a_redirect_to_an_invalid_url_is_not_followed(location: str) -> None:
    with serving(says(302, Location=location)) as server:
        found = fetch("http://paper.example/", here(server))
        assert found.failure in (Failure.NOT_PUBLIC, Failure.REDIRECT_LOOP)


def test_urls_in_any_script_are_encoded() -> None:
    with serving(says(200)) as server:
        assert fetch("http://bücher.example/straße/ä b?q=ö", here(server)).status == 200
        assert server.asked == ["HEAD /stra%C3%9Fe/%C3%A4%20b?q=%C3%B6"]
