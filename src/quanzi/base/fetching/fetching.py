"""A request to an address that a stranger chose."""

from __future__ import annotations

import functools
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_

Resolver = Callable[[str, int], list[str]]
"""From a host and a port to the addresses that may be spoken to; raises ForbiddenAddress."""

_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddress(InvalidInput):
    code = "forbidden_address"
    message = N_("This address cannot be used: only public web addresses can.")


class FetchFailed(DomainError):
    code = "fetch_failed"
    message = N_("The address does not answer as expected: {reason}.")
    status = 502


class TooMuch(FetchFailed):
    code = "fetched_too_much"
    message = N_("What lies at this address is too large or comes too slowly.")


@dataclass(frozen=True)
class Limits:
    """most_bytes: of the answer's body; seconds: for everything together; redirects: how many are followed.

    cuts: a longer body is cut there, where its end does not matter; otherwise it is refused.
    """

    most_bytes: int = 12_000_000
    seconds: float = 20.0
    redirects: int = 3
    ports: tuple[int, ...] = (80, 443)
    cuts: bool = False


@dataclass(frozen=True)
class Answer:
    """url: where the answer came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, all of them public; raises ForbiddenAddress when one is not, FetchFailed for no name."""
    addresses = addresses_of(host, port)
    if not addresses or not all(is_public(one) for one in addresses):
        raise ForbiddenAddress(field="url")
    return addresses


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host, whatever they are; raises FetchFailed for no name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        raise FetchFailed(reason="no such name") from trouble
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(text: str) -> bool:
    """Whether an address belongs to the open internet, however it is written or wrapped."""
    address = ipaddress.ip_address(text.split("%", 1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped:
            return is_public(str(wrapped))
    return address.is_global and not address.is_multicast


def fetch(
    url: str,
    *,
    method: str = "GET",
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    resolve: Resolver = public_addresses,
) -> Answer:
    """Ask for an address and return the answer, whatever its status. Only a GET follows redirects.

    Raises ForbiddenAddress, FetchFailed, TooMuch. resolve: replaced by tests that speak to their own machine.
    """
    until = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        answer = _once(url, method, content, dict(headers or {}), limits, resolve, until)
        onwards = answer.headers.get("location", "")
        if answer.status not in _REDIRECTS or not onwards or method != "GET":
            return answer
        url = urljoin(url, onwards)
    raise FetchFailed(reason="too many redirects")


def _once(
    url: str,
    method: str,
    content: bytes | None,
    headers: dict[str, str],
    limits: Limits,
    resolve: Resolver,
    until: float,
) -> Answer:
    host, port, pinned = _target(url, limits, resolve)
    name = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[pinned.scheme]
    headers["host"] = name if port == usual else f"{name}:{port}"
    left = until - time.monotonic()
    if left <= 0:
        raise TooMuch()
    try:
        with (
            httpx.Client(
                trust_env=False, follow_redirects=False, timeout=min(left, 10.0), verify=_certificates()
            ) as client,
            client.stream(
                method, pinned, content=content, headers=headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            body = _body(answer, limits, until)
            return Answer(answer.status_code, dict(answer.headers), body, url)
    except httpx.TimeoutException as trouble:
        raise TooMuch() from trouble
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as trouble:
        raise FetchFailed(reason=type(trouble).__name__) from trouble


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Reading the authorities' certificates takes longer than most requests; a name is checked against them all the same."""
    return httpx.create_ssl_context(trust_env=False)


def _target(url: str, limits: Limits, resolve: Resolver) -> tuple[str, int, httpx.URL]:
    """Host, port, and the address with the host replaced by the one IP that will be spoken to."""
    try:
        parts, whole = urlsplit(url), httpx.URL(url)
        host, port = whole.raw_host.decode("ascii"), whole.port or {"http": 80, "https": 443}[whole.scheme]
    except (ValueError, KeyError, UnicodeError, httpx.InvalidURL) as trouble:
        raise ForbiddenAddress(field="url") from trouble
    if not host or "@" in parts.netloc or port not in limits.ports:
        raise ForbiddenAddress(field="url")
    return host, port, whole.copy_with(host=resolve(host.strip("[]"), port)[0], fragment=None)


def _body(answer: httpx.Response, limits: Limits, until: float) -> bytes:
    """The body within its limits; what comes compressed counts as unpacked."""
    found = bytearray()
    for block in answer.iter_bytes():
        found += block
        if limits.cuts and len(found) >= limits.most_bytes:
            return bytes(found[: limits.most_bytes])
        if len(found) > limits.most_bytes or time.monotonic() > until:
            raise TooMuch()
    return bytes(found)
