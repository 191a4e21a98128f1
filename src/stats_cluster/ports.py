"""Which ports of a process other machines can reach without TLS; opens and closes none."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable

import psutil


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable(processes: Iterable[psutil.Process], *, encrypted: Collection[int]) -> list[int]:
    """The ports on which a process listens beyond this machine, but for those that demand TLS."""
    listening = {
        connection.laddr.port
        for process in processes
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN and not is_loopback(connection.laddr.ip)
    }
    return sorted(listening - set(encrypted))
