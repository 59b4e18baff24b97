"""Where the host listens and whom it lets in: loopback in plain text, any other address by mutual TLS only.

A token alone does not do on a network: whoever reads it there has it. So an address that other machines reach needs
a certificate of the host's own, and callers need one that the client authority signed; the token is asked for besides.
"""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc


class ListeningError(Exception):
    """A setting that cannot be used; the message says which, why and how to mend it."""


@dataclass(frozen=True)
class TlsFiles:
    """PEM files: the host's certificate and key, and the authority whose clients are let in."""

    certificate: Path
    key: Path
    client_authority: Path


@dataclass(frozen=True)
class Listening:
    host: str
    port: int
    tls: TlsFiles | None = None

    @property
    def address(self) -> str:
        return f'[{self.host}]:{self.port}' if ':' in self.host else f'{self.host}:{self.port}'

    def with_port(self, port: int) -> Listening:
        """The same, where the system gave the port."""
        return Listening(self.host, port, self.tls)


def listening_of(
    listen: str, certificate: Path | None, key: Path | None, authority: Path | None
) -> Listening:
    """The settings as one value. ListeningError names the one that is wrong or missing."""
    host, port = _address(listen)
    tls = _tls(certificate, key, authority)
    if tls is None and not _is_loopback(host):
        raise ListeningError(
            f'--listen {listen} can be reached from other machines: give --tls-certificate, --tls-key and '
            '--tls-client-authority (`tempera sandbox certificates` makes them), or listen on 127.0.0.1.'
        )
    return Listening(host, port, tls)


def add_port(server: grpc.aio.Server, listening: Listening) -> Listening:
    """Binds; returns where. ListeningError when the address is taken or not this machine's."""
    try:
        if listening.tls is None:
            bound = server.add_insecure_port(listening.address)
        else:
            bound = server.add_secure_port(listening.address, _credentials(listening.tls))
    except RuntimeError as error:
        raise ListeningError(
            f'{listening.address} cannot be listened on: it is taken, or no address of this machine. '
            'Give another one by --listen (port 0: the system gives a free one).'
        ) from error
    return listening.with_port(bound)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(':')
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ListeningError(f'--listen must be ADDRESS:PORT, for example 0.0.0.0:7500, not [{text}].')
    return host.strip('[]'), int(port)


def _is_loopback(host: str) -> bool:
    try:
        return host == 'localhost' or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tls(certificate: Path | None, key: Path | None, authority: Path | None) -> TlsFiles | None:
    named = {'--tls-certificate': certificate, '--tls-key': key, '--tls-client-authority': authority}
    missing = [name for name, file in named.items() if file is None]
    if len(missing) == len(named):
        return None
    if certificate is None or key is None or authority is None:
        raise ListeningError(f'Mutual TLS needs all three: {", ".join(missing)} is missing.')
    for name, file in named.items():
        if file is None or not file.is_file():
            raise ListeningError(f'{name} names {file}, which is no file. Give the path of a PEM file.')
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        problem = f'{certificate} and {key} are no certificate with its key in PEM form ({error}).'
        raise ListeningError(problem) from error
    try:
        context.load_verify_locations(authority)
    except (ssl.SSLError, OSError) as error:
        raise ListeningError(f'{authority} holds no certificate in PEM form ({error}).') from error
    return TlsFiles(certificate, key, authority)


def _credentials(tls: TlsFiles) -> grpc.ServerCredentials:
    pair = (tls.key.read_bytes(), tls.certificate.read_bytes())
    return grpc.ssl_server_credentials([pair], tls.client_authority.read_bytes(), require_client_auth=True)
