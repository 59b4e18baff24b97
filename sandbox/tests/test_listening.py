"""Where a host may listen, and what is said of settings that cannot be used. TLS itself: remote-hosts.int.test.ts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from host_client import ROOT, TOKEN, Host

from tempera_sandbox.rpc.listening import ListeningError, listening_of


def test_loopback_needs_no_certificate() -> None:
    assert listening_of('127.0.0.1:0', None, None, None).tls is None
    assert listening_of('[::1]:7500', None, None, None).address == '[::1]:7500'


@pytest.mark.parametrize('address', ['0.0.0.0:7500', '10.0.0.1:7500', 'host.example:7500', '[::]:7500'])
def test_another_address_without_certificates_is_refused(address: str) -> None:
    with pytest.raises(ListeningError, match='can be reached from other machines: give --tls-certificate'):
        listening_of(address, None, None, None)


@pytest.mark.parametrize('address', ['7500', 'host', ':7500', 'host:99999', 'host:x'])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ListeningError, match='--listen must be ADDRESS:PORT'):
        listening_of(address, None, None, None)


def test_a_missing_file_and_one_that_is_no_certificate_are_named(tmp_path: Path) -> None:
    text = tmp_path / 'text'
    text.write_text('no certificate')
    with pytest.raises(ListeningError, match='--tls-key, --tls-client-authority is missing'):
        listening_of('0.0.0.0:0', text, None, None)
    with pytest.raises(ListeningError, match=r'--tls-key names .*nothing, which is no file'):
        listening_of('0.0.0.0:0', text, tmp_path / 'nothing', text)
    with pytest.raises(ListeningError, match='no certificate with its key in PEM form'):
        listening_of('0.0.0.0:0', text, text, text)


def test_a_taken_address_ends_the_start_with_a_sentence(host: Host, tmp_path: Path) -> None:
    command = [
        sys.executable,
        '-m',
        'tempera_sandbox.host',
        '--home',
        str(tmp_path / 'home'),
        '--listen',
        host.line['address'],
    ]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, 'SANDBOX_TOKEN': TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert f'{host.line["address"]} cannot be listened on: it is taken' in ended.stderr
    assert 'Traceback' not in ended.stderr
