"""Everybody that code could speak to."""

from __future__ import annotations

import errno
import os
import socket

from . import Scene, attempt


def _connects(address: tuple[str, int], family: socket.AddressFamily = socket.AF_INET) -> bool:
    with socket.socket(family) as client:
        client.settimeout(0.3)
        try:
            client.connect(address)
        except TimeoutError:
            return True  # It left; nobody answered.
        except ConnectionRefusedError:
            return True
        return True


@attempt('connect to a port of the host by TCP')
def _(scene: Scene) -> bool:
    with socket.socket() as client:
        client.connect(('127.0.0.1', scene.tcp_port))
        return True


@attempt('connect to a port of the host by IPv6')
def _(scene: Scene) -> bool:
    if not scene.tcp6_port:
        raise OSError(errno.EAFNOSUPPORT, 'no IPv6 here')
    with socket.socket(socket.AF_INET6) as client:
        client.connect(('::1', scene.tcp6_port))
        return True


@attempt("ask the cloud's metadata address 169.254.169.254")
def _(scene: Scene) -> bool:
    return _connects(('169.254.169.254', 80))


@attempt('connect to the internet by TCP')
def _(scene: Scene) -> bool:
    return _connects(('192.0.2.1', 443))


@attempt('send to a port of the host by UDP')
def _(scene: Scene) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        return client.sendto(b'x', ('127.0.0.1', scene.udp_port)) > 0


@attempt('send to the internet by UDP (names, tunnels)')
def _(scene: Scene) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        return client.sendto(b'x', ('192.0.2.1', 53)) > 0


@attempt('make a raw socket (ICMP)')
def _(scene: Scene) -> bool:
    return bool(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))


@attempt('make a packet socket')
def _(scene: Scene) -> bool:
    return bool(socket.socket(socket.AF_PACKET, socket.SOCK_RAW))


@attempt('make a netlink socket')
def _(scene: Scene) -> bool:
    return bool(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))


@attempt("reach the machine's own host by vsock")
def _(scene: Scene) -> bool:
    return bool(socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))


@attempt("use the kernel's ciphers (AF_ALG)")
def _(scene: Scene) -> bool:
    return bool(socket.socket(38, socket.SOCK_SEQPACKET))


@attempt('connect to an abstract Unix socket of the host')
def _(scene: Scene) -> bool:
    socket.socket(socket.AF_UNIX).connect(scene.abstract_name)
    return True


@attempt('connect to a Unix socket of the host by its path (docker.sock)')
def _(scene: Scene) -> bool:
    socket.socket(socket.AF_UNIX).connect(scene.socket_path)
    return True


@attempt('open a port that others reach')
def _(scene: Scene) -> bool:
    with socket.create_server(('127.0.0.1', 0)):
        return os.readlink('/proc/self/ns/net') == scene.network


@attempt("see the host's network")
def _(scene: Scene) -> list[str]:
    with open('/proc/net/dev', encoding='ascii') as listing:
        names = [line.split(':')[0].strip() for line in listing if ':' in line]
    return [name for name in names if name != 'lo'] or (
        ['lo'] if os.readlink('/proc/self/ns/net') == scene.network else []
    )
