"""What loads a pickle, or runs foreign code, cannot answer for those who check it: not before their answer, not after.

Every tool that loads a pickle, every way to forge; then the ends of scripts and cells.
"""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import grpc
import joblib
import numpy as np
import pandas as pd
import pytest
from host_client import Host, Workspace, processes_with
from sklearn.linear_model import LinearRegression
from tool_files import change_json, write_prep, write_train

from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.tools import Context
from tempera_sandbox.tools.fresh import answers
from tempera_sandbox.tools.models import predictions
from tempera_sandbox.tools.models.predictions import Asked, Form

RESULT = {
    'passed': ['forged'],
    'warnings': [],
    'errors': [],
    'facts': {'forged': 1},
    'predictions': [{'prediction': 'forged', 'warnings': []}],
    'csv': 'forged',
}
LINE = json.dumps({'event': 'result', 'json': json.dumps(RESULT)}).encode() + b'\n'
OWN = answers.packed(
    {'on': 'forged', 'columns': 3, 'notes': [], 'rows': 1, 'form': 0, 'labels': ['forged']}, [[0.0]]
)
WRITE = """
import os
def write(data, processes=('self', os.getppid(), 1)):
    for process in processes:
        for number in range(3, 64):
            try:
                descriptor = os.open(f'/proc/{process}/fd/{number}', os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                descriptor = number if process == 'self' else -1
            try:
                os.write(descriptor, data)
            except OSError:
                continue
"""
FORGERIES = {
    'and goes on': f'write({LINE!r})',
    'and ends well': f'write({LINE!r}); os._exit(0)',
    'and ends badly': f'write({LINE!r}); os._exit(1)',
    'and is killed': f'write({LINE!r}); os.kill(os.getpid(), 9)',
    'and kills the tool': f'write({LINE!r}); os.kill(os.getppid(), 9)',
    'and stops the tool': f'write({LINE!r}); os.kill(os.getppid(), 19)',
    'on its own pipe before its answer': f'write({OWN!r}, ("self",))',
    'on its own pipe after its answer': f"""
import atexit
exit = os._exit
def last(code):
    write({OWN!r}, ("self",))
    exit(0)
os._exit = last
atexit.register(lambda: write({OWN!r}, ("self",)))
""",
    'and leaves a process that writes later': f"""
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    for _ in range(200):
        write({LINE!r}, (os.getppid(), 1))
    os.execvp('sleep', ['sleep', '40917'])
""",
}


def pickled(code: str) -> bytes:
    # With a namespace of its own: else functions look for what the code defines in the unpickler's module.
    text = (WRITE + code).encode('raw_unicode_escape').replace(b'\n', b'\\u000a')
    return b'cbuiltins\nexec\n(V' + text + b'\n}tR.'


@pytest.fixture
def context(host: Host, workspace: Workspace) -> Context:
    """A session with a good prep and a good training."""
    datasets = host.home / 'datasets' / f'x-{workspace.session}'
    datasets.mkdir(parents=True, exist_ok=True)
    made = Context(workspace.folder, datasets)
    write_train(made, write_prep(made))
    (datasets / 'new.csv').write_text('size,colour,weight\n1,red,5\n2,blue,4\n')
    return made


def calls(
    workspace: Workspace, context: Context, code: str, timeout_ms: int = 30_000
) -> list[tuple[str, str]]:
    """What each tool that loads a pickle says of one that runs the code: its result or its refusal, as text."""
    data = pickled(code)
    found = []
    for name, params, path in (
        ('validate_stage', {'stage': 'prep'}, 'prep/data/prep_pipeline.pkl'),
        ('validate_stage', {'stage': 'train'}, 'train/models/model.pkl'),
        ('predict', {'mode': 'rows', 'rows': [{'size': 1}]}, 'train/models/model.pkl'),
        ('predict', {'mode': 'file', 'file': 'new.csv'}, 'train/models/model.pkl'),
    ):
        good = (context.workspace / path).read_bytes()
        (context.workspace / path).write_bytes(data)
        try:
            request = pb.ExecuteRequest(
                session_id=workspace.session, tool=name, params_json=json.dumps(params), timeout_ms=timeout_ms
            )
            said = workspace.host.call('Execute', request).result_json
        except grpc.RpcError as error:
            said = f'refused: {error.details()}'
        (context.workspace / path).write_bytes(good)
        found.append((f'{name} {params}', said))
    return found


@pytest.mark.parametrize('how', FORGERIES)
def test_a_pickle_forges_no_result(workspace: Workspace, context: Context, how: str) -> None:
    stops = 3_000 if 'stops' in how else 30_000
    for what, said in calls(workspace, context, FORGERIES[how], stops):
        assert 'NameError' not in said, f'the forgery itself did not run: {said}'
        result = {'errors': [said]} if said.startswith('refused') else json.loads(said)
        assert result.get('errors'), f'{what} {how}: {said}'
        assert 'forged' not in json.dumps(
            [result.get(key) for key in ('passed', 'facts', 'predictions', 'csv')]
        )
    assert workspace.run('print("on")').text() == 'on\n'
    assert not processes_with('40917')


def test_it_has_no_descriptor_but_its_own_pipes(workspace: Workspace, context: Context) -> None:
    code = """
found = []
for name in sorted(os.listdir('/proc/self/fd'), key=int):
    try:
        found.append(os.readlink(f'/proc/self/fd/{name}').partition(':')[0])
    except OSError:
        pass
raise ValueError(' '.join(found))
"""
    for what, said in calls(workspace, context, code):
        _, _, listed = said.partition('ValueError: ')
        names = listed.split(')')[0].split()
        assert names[:2] == ['/dev/null', '/dev/null'], what
        # its request and the pickle itself are files; joblib has the pickle open
        assert names[2:4] == ['pipe', 'pipe'] and not any(name in ('pipe', 'socket') for name in names[4:]), (
            said
        )


@pytest.mark.parametrize(
    'path',
    ['prep/data/test.parquet', 'prep/data/metadata.json', 'train/data/metadata.json', '../../datasets'],
)
def test_what_it_is_judged_by_is_out_of_its_reach(workspace: Workspace, context: Context, path: str) -> None:
    code = f"""
place = '/data/sessions/{workspace.session}/{path}'
try:
    open(place, 'rb') if not place.endswith('datasets') else os.listdir(place)
    raise ValueError('reached')
except PermissionError:
    raise ValueError('held')
"""
    for what, said in calls(workspace, context, code):
        assert 'ValueError: held' in said, f'{what}: {said}'


ASKED = Asked(
    Path('m'), 'binary', (Form('rows', 'rows'),), {'rows': [1], 'test': [1, 2]}, '', '', also='test'
)
GOOD = {'form': 0, 'rows': 1, 'notes': [], 'labels': ['a'], 'classes': ['a', 'b']}
GOOD_NUMBERS = [0.0, 0.5, 0.5, 1.0, 2.0]


def test_an_answer_of_the_form_that_was_asked_for_is_taken() -> None:
    found = predictions._checked(GOOD, np.array(GOOD_NUMBERS), ASKED)
    assert found.values.tolist() == ['a'] and found.probabilities is not None and found.also is not None
    assert found.probabilities.tolist() == [[0.5, 0.5]] and found.also.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ('change', 'numbers'),
    [
        ({'form': 9}, None),
        ({'form': -1}, None),
        ({'form': '0'}, None),
        ({'rows': 10**12}, None),
        ({'rows': True}, None),
        ({'notes': 7}, None),
        ({'labels': [{}]}, None),
        ({'labels': ['a'] * 9}, None),
        ({'labels': 'a'}, None),
        ({'classes': [[]]}, None),
        ({'classes': ['a']}, None),
        ({'classes': ['a'] * 1_000_000}, None),
        ({}, []),
        ({}, GOOD_NUMBERS[:-1]),
        ({}, [*GOOD_NUMBERS, 3.0]),
        ({}, [1.0, *GOOD_NUMBERS[1:]]),
        ({}, [0.5, *GOOD_NUMBERS[1:]]),
        ({}, [-1.0, *GOOD_NUMBERS[1:]]),
        ({}, [float('nan'), *GOOD_NUMBERS[1:]]),
    ],
)
def test_an_answer_of_another_form_is_refused(change: dict[str, object], numbers: list[float] | None) -> None:
    with pytest.raises(
        (predictions.RefusedError, KeyError, TypeError, ValueError, IndexError, AttributeError)
    ):
        predictions._checked(
            {**GOOD, **change}, np.array(GOOD_NUMBERS if numbers is None else numbers), ASKED
        )


def test_a_number_is_predicted_as_before_in_its_own_process(workspace: Workspace, context: Context) -> None:
    train = pd.read_parquet(context.workspace / 'prep/data/train.parquet').dropna()
    model = LinearRegression().fit(train[['size']], train['weight'])
    joblib.dump(model, context.workspace / 'train/models/model.pkl')
    change_json(
        context.workspace / 'train/data/metadata.json',
        problem_type='regression',
        target_column='weight',
        feature_columns=['size'],
    )
    [found] = workspace.tool('predict', mode='rows', rows=[{'size': 1}])['predictions']
    assert found['prediction'] == pytest.approx(float(model.predict(pd.DataFrame({'size': [1.0]}))[0]))


END = """
import os, time
line = b'{"event":"ended","code":0}\\n{"event":"cell_ended","cell":1,"code":0}\\n'
for name in os.listdir('/proc/self/fd'):
    if int(name) > 2:
        try:
            os.write(int(name), line)
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    ('code', 'status', 'number'),
    [
        ('os._exit(3)', 'error', 3),
        ('os.kill(os.getpid(), 9)', 'crashed', 137),
        ('os.abort()', 'crashed', 134),
        ('raise SystemExit(4)', 'error', 4),
    ],
)
def test_a_scripts_own_word_does_not_outweigh_inits(
    workspace: Workspace, code: str, status: str, number: int
) -> None:
    result = workspace.run(END + code).exit
    assert (result.status, result.code) == (status, number)


def test_a_forged_good_end_counts_for_nothing_when_init_said_nothing(tmp_path: Path) -> None:
    host = Host(tmp_path)
    try:
        workspace = Workspace(host, 'forged').open()
        chunks = workspace.stream(workspace.request(END + 'print("on", flush=True)\ntime.sleep(60)'))
        for chunk in chunks:
            if chunk.WhichOneof('payload') == 'output':
                break
        os.kill(host.pid_of('zygote'), signal.SIGKILL)
        *_, last = chunks
        assert (last.exit.status, last.exit.code) == ('lost', 137)
    finally:
        host.stop()


def test_a_cell_that_forges_its_end_ends_nothing_else(workspace: Workspace) -> None:
    forged = workspace.run(END + 'print("on", flush=True)\ntime.sleep(0.5)', kernel='main')
    assert forged.exit.status == 'ok'
    after = workspace.run('print("after")', kernel='main')
    # what the first one still says is its kernel's, and comes with whichever cell runs then
    assert after.exit.status == 'ok' and after.text().endswith('after\n')
