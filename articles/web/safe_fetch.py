"""Ask whether an address elsewhere on the web answers, and never reach one inside.

Addresses come from texts that anybody may have written. A name is looked up once and the connection goes to the very
address that was looked at, so that a second answer of its name server changes nothing; each redirect is judged anew.
Nothing of an answer but its head is read, so that a body can neither be endless nor tell anything.
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
DEADLINE = 10.0  # Seconds for one address with all its redirects.
HOPS = 5  # Redirects followed; browsers give up at 20, and honest addresses need two.
PERMANENT = {301, 308}
REDIRECTS = {*PERMANENT, 302, 303, 307}
REFUSED_FROM = 400
TOO_MUCH = 429
LONGEST = 2000  # Characters of an address that is worth following, as browsers and tables have it.
ADDRESSES_TRIED = 2  # Of one name: an IPv6 address may not be reachable from here.
# What Python's own list took for public before 3.12.4, and ranges set apart since (IANA's special-purpose registries).
RANGES = "192.0.0.0/24 64:ff9b:1::/48 2001::/23 3fff::/20 5f00::/16 fec0::/10"
SET_APART = [ip_network(network) for network in RANGES.split()]
NAT64 = ip_network("64:ff9b::/96")  # Carries an IPv4 address in its last four bytes (RFC 6052).
UNESCAPED = "/:?#[]@!$&'()*+,;=%-._~"  # What a path and a query may hold as it is.


class Trouble(StrEnum):
    """Why nobody answered."""

    NOT_ASKED = "not asked"  # Not an address on the public web.
    NO_HOST = "no host"
    SILENT = "silent"
    CERTIFICATE = "certificate"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking."""

    status: int = 0
    """The last answer's; 0 where nobody answered."""
    url: str = ""
    """Where it led."""
    permanent: bool = True
    """Whether each redirect on the way, if there was any, was said to be for good."""
    trouble: Trouble | None = None


class _InTrouble(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


type Address = tuple[str, int]
type Resolve = Callable[[str, int], list[Address]]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public web: not to this machine, its networks or any reserved range."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner is None and found in NAT64:
            inner = ip_address(found.packed[-4:])  # type: ignore[assignment]
        if inner is not None:
            return is_public(str(inner))
    if found.is_multicast or found.is_reserved or any(found in network for network in SET_APART):
        return False
    return found.is_global


def resolve(host: str, port: int) -> list[Address]:
    """All addresses of a name, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(sockaddr[0]), port) for *_kind, sockaddr in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom to ask. Tests, which have no public web, give another one."""

    ports: dict[str, int] | None = None
    """The one port of each scheme; None: the usual ones."""
    allows: Callable[[str], bool] = is_public
    resolve: Resolve = resolve
    seconds: float = DEADLINE


def ask(url: str, reach: Reach | None = None) -> Answer:
    """Ask an address, and what it redirects to, whether it answers.

    Args:
        url: http:// or https://, from any text.
        reach: Whom to ask.
    """
    reach = reach or Reach()
    until = monotonic() + reach.seconds
    permanent = True
    try:
        for _hop in range(HOPS + 1):
            status, location = _ask_once(url, reach, until)
            if status not in REDIRECTS or not location:
                return Answer(status, url, permanent)
            permanent = permanent and status in PERMANENT
            url = _led_to(url, location)
        raise _InTrouble(Trouble.LOOP)
    except _InTrouble as found:
        return Answer(url=url, permanent=permanent, trouble=found.trouble)


def _led_to(url: str, location: str) -> str:
    if len(location) > LONGEST or not location.isprintable():
        raise _InTrouble(Trouble.NOT_ASKED)
    try:
        return urljoin(url, location)
    except ValueError:  # Such as “http://[”.
        raise _InTrouble(Trouble.NOT_ASKED) from None


def _ask_once(url: str, reach: Reach, until: float) -> tuple[int, str]:
    """Status and redirect of one address. Many servers don't know HEAD: what fails is asked again with GET."""
    parts, addresses = _allowed(url, reach)
    try:
        status, location = _send("HEAD", parts, addresses, _share(until, 2))
        if status < REFUSED_FROM or status == TOO_MUCH:
            return status, location
    except _InTrouble as found:
        if found.trouble != Trouble.SILENT:
            raise
    return _send("GET", parts, addresses, until)


def _share(until: float, parts: int) -> float:
    """The end of an equal part of the time that is left."""
    return monotonic() + (until - monotonic()) / parts


def _allowed(url: str, reach: Reach) -> tuple[SplitResult, list[Address]]:
    """The address in its parts, and where its name leads, all of it on the public web."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise _InTrouble(Trouble.NOT_ASKED) from None
    usual = (reach.ports or PORTS).get(parts.scheme)
    if usual is None or not host or "@" in parts.netloc or port not in (None, PORTS[parts.scheme], usual):
        raise _InTrouble(Trouble.NOT_ASKED)
    try:
        addresses = reach.resolve(host, usual)
    except socket.gaierror as error:
        temporary = error.errno == socket.EAI_AGAIN
        raise _InTrouble(Trouble.SILENT if temporary else Trouble.NO_HOST) from None
    except (OSError, UnicodeError):
        raise _InTrouble(Trouble.NO_HOST) from None
    # One address inside among several is no accident.
    if not addresses or not all(reach.allows(address) for address, _port in addresses):
        raise _InTrouble(Trouble.NOT_ASKED)
    return parts._replace(netloc=host), addresses[:ADDRESSES_TRIED]


class _Connection(HTTPConnection):
    """To an address that was looked at, whatever its name says by now."""

    def __init__(self, parts: SplitResult, address: Address, until: float) -> None:
        host = f"[{parts.netloc}]" if ":" in parts.netloc else parts.netloc
        super().__init__(host, timeout=max(0.01, until - monotonic()))
        self.address, self.tls = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection(self.address, timeout=self.timeout)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """From another thread: whoever waits for this connection waits no more."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()


def _send(method: str, parts: SplitResult, addresses: list[Address], until: float) -> tuple[int, str]:
    path = quote(parts._replace(scheme="", netloc="", fragment="").geturl() or "/", safe=UNESCAPED)
    if not path.startswith("/"):
        path = f"/{path}"
    headers = {"User-Agent": f"newsroom link check (+{settings.SITE_ADDRESS}/)", "Accept": "*/*", "Connection": "close"}
    for number, address in enumerate(addresses):
        stop = _share(until, len(addresses) - number)
        connection = _Connection(parts, address, stop)
        # A server that sends a byte a second never meets the socket's own time limit.
        watch = Timer(max(0.01, stop - monotonic()), connection.cut)
        watch.daemon = True
        watch.start()
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            if monotonic() < stop:  # Else the head may be cut.
                return answer.status, answer.headers.get("Location", "")
        except ssl.SSLCertVerificationError:
            raise _InTrouble(Trouble.CERTIFICATE) from None
        except (OSError, HTTPException, ValueError):
            continue
        finally:
            watch.cancel()
            connection.close()
    raise _InTrouble(Trouble.SILENT)
