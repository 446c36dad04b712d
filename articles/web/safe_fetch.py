"""Request external URLs without SSRF: resolve once, refuse non-public addresses, connect to the address checked.

URLs come from texts that anyone may have written. Each host name is resolved once and the connection goes to the
address that was checked, so that DNS rebinding has no effect. Each redirect is checked again. Only the status line and
the headers are read, so that a body can neither be endless nor leak anything.
"""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}
DEADLINE = 10.0  # Seconds for a URL with all its redirects.
MAX_REDIRECTS = 5  # Browsers stop at 20, and normal URLs need two.
PERMANENT = {301, 308}
REDIRECTS = {*PERMANENT, 302, 303, 307}
FIRST_ERROR = 400
TOO_MANY_REQUESTS = 429
MAX_URL_LENGTH = 2000  # Characters, as in browsers and in our tables.
MAX_ADDRESSES = 2  # For one host name: its IPv6 address may be unreachable from here.
# Special-purpose ranges (IANA) that Python took for public before 3.12.4, or that were reserved since.
RANGES = "192.0.0.0/24 64:ff9b:1::/48 2001::/23 3fff::/20 5f00::/16 fec0::/10"
SPECIAL_RANGES = [ip_network(network) for network in RANGES.split()]
NAT64 = ip_network("64:ff9b::/96")  # The last four bytes are an IPv4 address (RFC 6052).
SAFE_CHARACTERS = "/:?#[]@!$&'()*+,;=%-._~"  # Not escaped in a path or query.


class Failure(StrEnum):
    """Why there is no response."""

    NOT_PUBLIC = "not public"  # Not a public URL.
    NO_HOST = "no host"
    NO_RESPONSE = "no response"
    CERTIFICATE = "certificate"
    REDIRECT_LOOP = "redirect loop"


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a check."""

    status: int = 0
    """The status of the last response; 0 without one."""
    url: str = ""
    """The URL after all redirects."""
    permanent: bool = True
    """Whether all redirects were permanent; also true without redirects."""
    failure: Failure | None = None


class _CheckFailed(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


type Address = tuple[str, int]
type Resolve = Callable[[str, int], list[Address]]


def is_public_address(address: str) -> bool:
    """Return whether an IP address is on the public internet: not local, private or reserved."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner is None and found in NAT64:
            inner = ip_address(found.packed[-4:])  # type: ignore[assignment]
        if inner is not None:
            return is_public_address(str(inner))
    if found.is_multicast or found.is_reserved or any(found in network for network in SPECIAL_RANGES):
        return False
    return found.is_global


def resolve(host: str, port: int) -> list[Address]:
    """Return all addresses of a host name, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(sockaddr[0]), port) for *_kind, sockaddr in found))


@dataclass(frozen=True, slots=True)
class Network:
    """How to connect. Tests replace parts of it, since they have no public internet."""

    ports: dict[str, int] | None = None
    """The allowed port of each scheme; None for the default ones."""
    allows: Callable[[str], bool] = is_public_address
    resolve: Resolve = resolve
    seconds: float = DEADLINE


def fetch(url: str, network: Network | None = None) -> Result:
    """Request an http or https URL from an untrusted text, on the public internet by default, and follow redirects."""
    network = network or Network()
    until = monotonic() + network.seconds
    permanent = True
    try:
        for _redirect in range(MAX_REDIRECTS + 1):
            status, location = _check_once(url, network, until)
            if status not in REDIRECTS or not location:
                return Result(status, url, permanent)
            permanent = permanent and status in PERMANENT
            url = _redirect_target(url, location)
        raise _CheckFailed(Failure.REDIRECT_LOOP)
    except _CheckFailed as found:
        return Result(url=url, permanent=permanent, failure=found.failure)


def _redirect_target(url: str, location: str) -> str:
    if len(location) > MAX_URL_LENGTH or not location.isprintable():
        raise _CheckFailed(Failure.NOT_PUBLIC)
    try:
        return urljoin(url, location)
    except ValueError:  # Such as “http://[”.
        raise _CheckFailed(Failure.NOT_PUBLIC) from None


def _check_once(url: str, network: Network, until: float) -> tuple[int, str]:
    """Return status and Location of one URL. Tries GET after an error, since many servers don't support HEAD."""
    parts, addresses = _allowed(url, network)
    try:
        status, location = _send("HEAD", parts, addresses, _share(until, 2))
        if status < FIRST_ERROR or status == TOO_MANY_REQUESTS:
            return status, location
    except _CheckFailed as found:
        if found.failure != Failure.NO_RESPONSE:
            raise
    return _send("GET", parts, addresses, until)


def _share(until: float, parts: int) -> float:
    """Return the deadline for one of several equal parts of the remaining time."""
    return monotonic() + (until - monotonic()) / parts


def _allowed(url: str, network: Network) -> tuple[SplitResult, list[Address]]:
    """Return the parts of a URL and the addresses of its host; raise if any of them is not public."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise _CheckFailed(Failure.NOT_PUBLIC) from None
    usual = (network.ports or PORTS).get(parts.scheme)
    if usual is None or not host or "@" in parts.netloc or port not in (None, PORTS[parts.scheme], usual):
        raise _CheckFailed(Failure.NOT_PUBLIC)
    try:
        addresses = network.resolve(host, usual)
    except socket.gaierror as error:
        temporary = error.errno == socket.EAI_AGAIN
        raise _CheckFailed(Failure.NO_RESPONSE if temporary else Failure.NO_HOST) from None
    except (OSError, UnicodeError):
        raise _CheckFailed(Failure.NO_HOST) from None
    # One private address among public ones is an attack.
    if not addresses or not all(network.allows(address) for address, _port in addresses):
        raise _CheckFailed(Failure.NOT_PUBLIC)
    return parts._replace(netloc=host), addresses[:MAX_ADDRESSES]


class _Connection(HTTPConnection):
    """A connection to an address that was checked, whatever the host name resolves to by now."""

    def __init__(self, parts: SplitResult, address: Address, until: float) -> None:
        host = f"[{parts.netloc}]" if ":" in parts.netloc else parts.netloc
        super().__init__(host, timeout=max(0.01, until - monotonic()))
        self.address, self.tls = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection(self.address, timeout=self.timeout)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """Stop waiting for this connection; called from another thread."""
        sock = self.sock  # The other thread may close the connection meanwhile, which sets it to None.
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                sock.close()


def _send(method: str, parts: SplitResult, addresses: list[Address], until: float) -> tuple[int, str]:
    path = quote(parts._replace(scheme="", netloc="", fragment="").geturl() or "/", safe=SAFE_CHARACTERS)
    if not path.startswith("/"):
        path = f"/{path}"
    headers = {"User-Agent": f"newsroom link check (+{settings.SITE_ADDRESS}/)", "Accept": "*/*", "Connection": "close"}
    for number, address in enumerate(addresses):
        stop = _share(until, len(addresses) - number)
        connection = _Connection(parts, address, stop)
        # The socket's timeout doesn't stop a server that sends one byte a second.
        timer = Timer(max(0.01, stop - monotonic()), connection.abort)
        timer.daemon = True
        timer.start()
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            if monotonic() < stop:  # Otherwise the headers may be cut.
                return response.status, response.headers.get("Location", "")
        except ssl.SSLCertVerificationError:
            raise _CheckFailed(Failure.CERTIFICATE) from None
        except (OSError, HTTPException, ValueError):
            continue
        finally:
            timer.cancel()
            connection.close()
    raise _CheckFailed(Failure.NO_RESPONSE)
