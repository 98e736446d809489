"""
Keeps a request that somebody else's address caused from reaching into our own network.

The address is judged when a socket connects, by what it really connects to: neither a name that
resolves anew, nor a redirect, nor a library that asks by itself gets around it.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class InternalAddressError(OSError):
    """The connection would have led to an address that the public has no business with."""


@dataclass(slots=True)
class Watch:
    """A guarded stretch: the internal addresses that are allowed, and whether one was refused."""

    allowed: frozenset[str] = field(default_factory=frozenset)
    refused: bool = False


_watch: ContextVar[Watch | None] = ContextVar("guarded", default=None)


@contextmanager
def public_only(*, except_hosts: Iterable[str] = ()) -> Iterator[Watch]:
    """Let this thread connect to public addresses only, and to those hosts."""
    watch = Watch(frozenset(str(each) for host in except_hosts for each in resolved(host)))
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def resolved(host: str) -> list[Address]:
    """Return the addresses that a name, or an address as it is written, leads to; none if unknown."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def is_public(address: Address) -> bool:
    """
    Return whether anybody on the internet could be at that address.

    >>> [is_public(ipaddress.ip_address(each)) for each in ("192.0.78.9", "10.0.0.1", "::1", "127.0.0.1")]
    [True, False, False, False]
    >>> is_public(ipaddress.ip_address("::ffff:169.254.169.254"))
    False
    """
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _refuse_internal(event: str, args: tuple[Any, ...]) -> None:
    """Judge each connection of a guarded stretch (PEP 578); all others pass."""
    if event != "socket.connect":
        return
    watch = _watch.get()
    if watch is None:
        return
    if not _may_reach(args[1], watch):
        watch.refused = True
        raise InternalAddressError("This address is not a public one.")


def _may_reach(target: Any, watch: Watch) -> bool:
    """A path of the file system may not, nor a name that the system would resolve by itself."""
    try:
        address = ipaddress.ip_address(str(target[0]).partition("%")[0])
    except ValueError:
        return False
    return isinstance(target, tuple) and (is_public(address) or str(address) in watch.allowed)


sys.addaudithook(_refuse_internal)
