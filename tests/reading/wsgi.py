"""The WSGI application with the page cache before it, as the server runs it."""

from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from articles.publishing import page_cache


class Application:
    """The WSGI application, and how often it was asked instead of the cache."""

    def __init__(self) -> None:
        self.asked = 0
        self._handler = WSGIHandler()
        self._cached = page_cache.with_cache(self._handle)

    def _handle(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self._handler(environ, start_response)

    def get(self, path: str, **environ: str) -> tuple[str, dict[str, str], bytes]:
        path, _, query = path.partition("?")
        full: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }
        started: list[Any] = []
        chunks = self._cached(full | environ, lambda *values: started.extend(values))
        return started[0], dict(started[1]), b"".join(chunks)
