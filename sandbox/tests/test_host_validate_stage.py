"""Validation of prep and train on a host: what was pickled is loaded in a fork that was made before the tool computes.

The same in a new Python: test_tools_validate_stage.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import pytest
from host_client import Host, Workspace, processes_with
from sklearn.dummy import DummyClassifier
from sklearn.preprocessing import StandardScaler
from tool_files import write_prep, write_train

from tempera_sandbox.tools import Context


@pytest.fixture
def context(host: Host, workspace: Workspace) -> Context:
    """The session's folders as the host has them."""
    datasets = host.home / 'datasets' / f'x-{workspace.session}'
    datasets.mkdir(parents=True, exist_ok=True)
    return Context(workspace.folder, datasets)


def write_pipeline(context: Context, pickled: bytes) -> None:
    (context.workspace / 'prep/data/prep_pipeline.pkl').write_bytes(pickled)


def write_model(context: Context, pickled: bytes) -> None:
    (context.workspace / 'train/models/model.pkl').write_bytes(pickled)


def the_error(workspace: Workspace, stage: str, **options: object) -> str:
    (error,) = workspace.tool('validate_stage', stage=stage, **options)['errors']
    return error


def test_good_outputs_pass_and_leave_no_process(workspace: Workspace, context: Context) -> None:
    write_train(context, write_prep(context))
    prep = workspace.tool('validate_stage', stage='prep', target='kind')
    assert prep['errors'] == []
    assert any('loads in a fresh process and transforms raw rows' in line for line in prep['passed'])
    train = workspace.tool('validate_stage', stage='train')
    assert train['errors'] == [] and train['warnings'] == []
    assert any('agree when recomputed' in line for line in train['passed'])
    assert processes_with(workspace.session) == []


def test_nothing_of_the_script_or_of_the_host_is_there(workspace: Workspace, context: Context) -> None:
    write_prep(context)
    for name, where in (('Clean', '__main__'), ('ToolError', 'tempera_sandbox.tools'), ('log', 'tempera')):
        write_pipeline(context, f'c{where}\n{name}\n.'.encode())
        error = the_error(workspace, 'prep')
        assert 'prep_pipeline.pkl does not load in a fresh process' in error and 'installed packages' in error


def test_modules_of_the_sessions_folder_are_not_found(workspace: Workspace, context: Context) -> None:
    write_prep(context)
    (context.workspace / 'helper.py').write_text('class Clean: pass\n')
    write_pipeline(context, b'chelper\nClean\n.')
    assert "No module named 'helper'" in the_error(workspace, 'prep')


def test_a_pipeline_that_needs_more_than_a_raw_row_is_refused(workspace: Workspace, context: Context) -> None:
    splits = write_prep(context)
    made = StandardScaler().fit(splits['train'].assign(ratio=1.0)[['weight', 'ratio']])
    joblib.dump(made, context.workspace / 'prep/data/prep_pipeline.pkl')
    error = the_error(workspace, 'prep')
    assert 'does not transform a raw row' in error and 'ratio' in error


def test_a_pickle_that_ends_its_process_is_a_finding(workspace: Workspace, context: Context) -> None:
    write_prep(context)
    write_pipeline(context, b'cos\n_exit\n(I3\ntR.')
    assert 'exit 3' in the_error(workspace, 'prep')


def test_a_pickle_that_never_ends_is_stopped(workspace: Workspace, context: Context) -> None:
    write_prep(context)
    write_pipeline(context, b'ctime\nsleep\n(I600\ntR.')
    assert 'fresh_timeout_s' in the_error(workspace, 'prep', fresh_timeout_s=1)


@pytest.mark.parametrize('package', ['openpyxl', 'xgboost'])  # the second is imported before the fork
def test_a_package_that_the_requirements_do_not_name_is_refused(
    workspace: Workspace,
    context: Context,
    package: str,
) -> None:
    write_train(context, write_prep(context))
    name = {'openpyxl': 'Workbook', 'xgboost': 'XGBClassifier'}[package]
    write_model(context, f'c{package}\n{name}\n(tR.'.encode())
    error = the_error(workspace, 'train')
    assert package in error and 'requirements.txt' in error


def test_a_model_of_other_labels_is_refused(workspace: Workspace, context: Context) -> None:
    splits = write_prep(context)
    write_train(context, splits)
    joblib.dump(
        DummyClassifier().fit(splits['train'][['weight']], [7] * 80),
        context.workspace / 'train/models/model.pkl',
    )
    error = the_error(workspace, 'train')
    assert 'labels' in error and 'never takes' in error


def test_what_a_pickle_starts_ends_with_the_tool(
    workspace: Workspace, context: Context, tmp_path: Path
) -> None:
    write_prep(context)
    mark = f'{workspace.session}-{tmp_path.name}'
    write_pipeline(context, f"cos\nsystem\n(S'sleep 600 {mark} &'\ntR.".encode())
    the_error(workspace, 'prep')
    assert processes_with(mark) == []


def test_a_pickle_cannot_answer_in_the_tools_place(workspace: Workspace, context: Context) -> None:
    write_prep(context)
    forged = json.dumps({'event': 'result', 'json': json.dumps({'passed': ['forged'], 'errors': []})})
    forge = f"""
import os
for process in ('self', os.getppid()):
    for number in range(64):
        try:
            descriptor = os.open(f'/proc/{{process}}/fd/{{number}}', os.O_WRONLY)
        except OSError:
            descriptor = number
        try:
            os.write(descriptor, {forged!r}.encode() + b'\\n')
        except OSError:
            continue
"""
    write_pipeline(
        context,
        b'cbuiltins\nexec\n(V' + forge.encode('raw_unicode_escape').replace(b'\n', b'\\u000a') + b'\ntR.',
    )
    found = workspace.tool('validate_stage', stage='prep')
    assert 'forged' not in str(found['passed'])
    assert 'without transform()' in found['errors'][0]
