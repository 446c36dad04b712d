"""Run the WSGI application behind granian's RSGI protocol: threads only ever work on whole requests.

A request is read whole before it gets a thread, and its response is sent after the thread is done, so slow clients
cost memory (at most `MAX_BODY` for each of the 1,024 requests that granian takes at a time) but never a thread. Uploads
of pictures and articles may be larger: they go to temporary files, a few at a time, and only from people who may see
the form.
Requests that may write get at most half of the threads, in the order of arrival: while the database is locked, the
other half keeps serving readers.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from django.conf import settings
from granian._granian import RSGIHTTPProtocol, RSGIProtocolClosed
from granian.rsgi import Scope

from articles.web.error_pages import OVERLOADED, TOO_LARGE

type Environ = dict[str, Any]
type Headers = list[tuple[str, str]]

# Threads per web process. More threads only wait for the GIL: with 8, a signed-in page cost a fifth more CPU than
# with 3 in one run of the benchmark.
THREADS = 4
WRITING_THREADS = THREADS // 2
WRITE_WAIT = 5  # Seconds a request waits for one of them before it is answered with 503.
BODY_WAIT = 20  # Seconds for a request to arrive whole: 512 KB at 26 KB a second, a poor mobile connection.
MAX_BODY = 2 * 1024 * 1024  # Bytes. Django rejects forms of more than a quarter of that with a page that says why.
UPLOADS = ("/desk/pictures/upload/", "/desk/import/")  # The paths that take more.
MAX_UPLOAD = 100 * 1024 * 1024  # Bytes: two of the largest pictures, or twenty of a telephone's.
UPLOAD_WAIT = 300  # Seconds: 100 MB at 350 KB a second.
MAX_UPLOADS = 8  # At a time, so that nobody can fill the disk. Others are told to try again.
TOO_MANY_BYTES = HTTPStatus(413)  # Its name differs between Python 3.12 and 3.13.
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
CLOSE = [("connection", "close")]  # The rest of the request is not read.
MULTIPLE = {"cookie": "; "}  # How the values of a header that is sent several times are joined, by default with commas.


class WSGIApplication(Protocol):
    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]: ...


class Application:
    """Run a WSGI application behind granian's RSGI protocol."""

    def __init__(self, wsgi: WSGIApplication) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._writing = asyncio.Semaphore(WRITING_THREADS)
        self._uploads = 0

    async def __rsgi__(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        if scope.path not in UPLOADS or scope.method in SAFE_METHODS:
            await self._answer(scope, protocol)
        elif self._uploads >= MAX_UPLOADS:
            await self._reject(scope, protocol, OVERLOADED)
        else:
            self._uploads += 1
            try:
                await self._answer_upload(scope, protocol)
            finally:
                self._uploads -= 1

    async def _answer_upload(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        """Read the upload if a GET of the form succeeds: else strangers could keep the few places from the desk."""
        form = environ_of(scope, BytesIO()) | {"REQUEST_METHOD": "GET"}
        status, headers, content = await self._respond(form, writes=False)
        # htmx gets the redirect to the sign-in page in a header.
        if status == HTTPStatus.OK and not any(name.lower() == "hx-redirect" for name, _value in headers):
            await self._answer(scope, protocol)
        else:
            protocol.response_bytes(status, [*headers, *CLOSE], content)

    async def _answer(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        with SpooledTemporaryFile(MAX_BODY) as body:
            if has_body(scope) and (refusal := await read_body(scope, protocol, body)):
                if refusal == TOO_MANY_BYTES:
                    await self._reject(scope, protocol, TOO_LARGE)
                else:
                    protocol.response_bytes(refusal, CLOSE, b"")
                return
            environ = environ_of(scope, body)
            protocol.response_bytes(*await self._respond(environ, writes=scope.method not in SAFE_METHODS))

    async def _reject(self, scope: Scope, protocol: RSGIHTTPProtocol, reason: str) -> None:
        """Send the error page for a reason. The rest of the request is not read."""
        environ = environ_of(scope, BytesIO()) | {reason: True}
        status, headers, content = await self._respond(environ, writes=False)
        protocol.response_bytes(status, [*headers, *CLOSE], content)

    async def _respond(self, environ: Environ, *, writes: bool) -> tuple[int, Headers, bytes]:
        run = asyncio.get_running_loop().run_in_executor
        if not writes:
            return await run(self._threads, self._call, environ)
        try:
            async with asyncio.timeout(WRITE_WAIT):
                await self._writing.acquire()
        except TimeoutError:
            return await run(self._threads, self._call, environ | {OVERLOADED: True})
        try:
            return await run(self._threads, self._call, environ)
        finally:
            self._writing.release()

    def _call(self, environ: Environ) -> tuple[int, Headers, bytes]:
        status, headers = 500, []

        def start_response(line: str, fields: Headers, exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line.split(" ", 1)[0]), fields

        chunks = self._wsgi(environ, start_response)
        try:
            return status, headers, b"".join(chunks)  # Nothing that this site sends is too large for memory.
        finally:
            if close := getattr(chunks, "close", None):
                close()


def has_body(scope: Scope) -> bool:
    return "content-length" in scope.headers or "transfer-encoding" in scope.headers


async def read_body(scope: Scope, protocol: RSGIHTTPProtocol, body: IO[bytes]) -> HTTPStatus | None:
    """Write the body of a request to a file. Return the status with which to reject it, if it is to be rejected."""
    limit, wait = (MAX_UPLOAD, UPLOAD_WAIT) if scope.path in UPLOADS else (MAX_BODY, BODY_WAIT)
    if int(scope.headers.get("content-length", "0")) > limit:
        return TOO_MANY_BYTES
    try:
        async with asyncio.timeout(wait):
            async for chunk in protocol:
                body.write(chunk)
                if body.tell() > limit:
                    return TOO_MANY_BYTES
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT
    except RSGIProtocolClosed:
        return HTTPStatus.BAD_REQUEST
    return None


def environ_of(scope: Scope, body: IO[bytes]) -> Environ:
    """Return the WSGI environment of a request.

    Header names with an underscore are left out: in the environment they couldn't be told from those with a hyphen, so
    that a client could forge what a proxy sets.
    """
    length = body.tell()
    body.seek(0)
    host, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": settings.WEB_CONCURRENCY > 1,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name or name == "content-length":
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        environ[key] = f"{environ[key]}{MULTIPLE.get(name, ',')}{value}" if key in environ else value
    if scope.authority:  # HTTP/2, or an absolute URL in the request line: it replaces the header Host.
        environ["HTTP_HOST"] = scope.authority
    return environ
