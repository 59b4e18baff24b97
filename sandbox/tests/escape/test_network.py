"""Escapes by network are denied: attempts to speak to anybody."""

from __future__ import annotations

import os
import socket

import pytest

from .confined import Ground


@pytest.mark.parametrize('address', ['169.254.169.254', '8.8.8.8', '127.0.0.1', '::1', 'fd00:ec2::254'])
def test_no_tcp_leaves(ground: Ground, address: str) -> None:
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    assert ground.run(lambda: socket.socket(family).connect((address, 80))).refused == 'EACCES'


def test_a_listening_port_of_the_host_is_out_of_reach(ground: Ground) -> None:
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
        assert ground.run(lambda: socket.create_connection(('127.0.0.1', port), 1)).refused == 'EACCES'
        # Without the TCP rule of Landlock the network namespace alone must hold.
        assert (
            ground.run(
                lambda: socket.create_connection(('127.0.0.1', port), 1).close(),
                loopback=True,
            ).refused
            == 'ECONNREFUSED'
        )


def test_no_udp_leaves(ground: Ground) -> None:
    def attempt() -> None:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))

    assert ground.run(attempt).refused == 'ENETUNREACH'


def test_names_are_not_resolved(ground: Ground) -> None:
    assert ground.run(lambda: socket.getaddrinfo('example.com', 80)).refused in ('gaierror', '-2', '-3')


def test_no_tcp_port_can_be_opened(ground: Ground) -> None:
    assert ground.run(lambda: socket.create_server(('127.0.0.1', 8000))).refused == 'EACCES'


def test_the_only_interface_is_loopback_and_it_is_down(ground: Ground) -> None:
    def attempt() -> list[str]:
        with open('/proc/net/dev', encoding='ascii') as listing:
            return [line.split(':')[0].strip() for line in listing if ':' in line]

    assert ground.run(attempt).value == ['lo']


@pytest.mark.parametrize(
    ('family', 'kind'),
    [
        (socket.AF_INET, socket.SOCK_RAW),
        (socket.AF_INET6, socket.SOCK_RAW),
        (socket.AF_PACKET, socket.SOCK_RAW),
        (socket.AF_PACKET, socket.SOCK_DGRAM),
        (socket.AF_NETLINK, socket.SOCK_DGRAM),
        (socket.AF_VSOCK, socket.SOCK_STREAM),
        (38, socket.SOCK_SEQPACKET),
        (44, socket.SOCK_RAW),
    ],
)
def test_raw_and_rare_sockets_are_refused(ground: Ground, family: int, kind: int) -> None:
    assert ground.run(lambda: socket.socket(family, kind)).refused == 'EPERM'


def test_abstract_sockets_of_the_host_are_out_of_reach(ground: Ground) -> None:
    name = f'\0tempera-escape-{os.getpid()}'
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        assert ground.run(lambda: socket.socket(socket.AF_UNIX).connect(name)).refused in (
            'ECONNREFUSED',
            'EPERM',
        )


def test_pathname_sockets_of_the_host_are_out_of_reach(ground: Ground) -> None:
    path = str(ground.folder / 'socket')
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        os.chmod(path, 0o777)
        assert ground.run(lambda: socket.socket(socket.AF_UNIX).connect(path)).refused == 'ENOENT'


def test_sockets_between_its_own_processes_work(ground: Ground) -> None:
    def attempt() -> str:
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
            server.bind('/tmp/own')
            server.listen()
            client.connect('/tmp/own')
            client.sendall(b'heard')
            return server.accept()[0].recv(5).decode()

    assert ground.run(attempt).value == 'heard'
