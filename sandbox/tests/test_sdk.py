"""The SDK, inside executions and run by hand."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

from host_client import ROOT, Workspace


def test_metrics_keep_their_order_and_every_kind_of_number(workspace: Workspace) -> None:
    seen = workspace.run(
        'import numpy as np\nfrom tempera import log\nlog(1, {"a": 0.5, "b": np.float32(2)})\n'
        'log(np.int64(2), {"a": float("nan"), "b": float("inf")}, run="fold 1")\nlog(3, {"a": True, "b": np.array(4)})'
    )
    items = [(item.step, item.name, item.value, item.run_tag) for item in seen.metrics]
    assert items[:2] == [(1, 'a', 0.5, ''), (1, 'b', 2.0, '')] and items[4:] == [
        (3, 'a', 1.0, ''),
        (3, 'b', 4.0, ''),
    ]
    assert items[2][:2] == (2, 'a') and math.isnan(items[2][2]) and items[2][3] == 'fold 1'
    assert items[3][2] == math.inf and seen.text() == ''


def test_what_is_no_number_is_refused_by_name(workspace: Workspace) -> None:
    result = workspace.run('from trainable import log\nlog(1, {"loss": "low"})').exit
    assert result.error_name == 'TypeError' and '[loss]' in result.error_value


def test_threads_forks_pools_and_new_processes_all_arrive(workspace: Workspace) -> None:
    seen = workspace.run(
        'import multiprocessing, os, subprocess, sys, threading\nfrom tempera import log\n'
        'def work(n):\n    for i in range(200):\n        log(i, {"m": n}, run=str(n))\n'
        'if __name__ == "__main__":\n'
        '    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]\n'
        '    [t.start() for t in threads]; [t.join() for t in threads]\n'
        '    for method, first in (("fork", 4), ("spawn", 6)):\n'
        '        with multiprocessing.get_context(method).Pool(2) as pool:\n'
        '            pool.map(work, [first, first + 1])\n'
        '    code = "from tempera import log\\nfor i in range(200): log(i, dict(m=8), run=str(8))"\n'
        '    subprocess.run([sys.executable, "-c", code], check=True)\n'
    )
    assert seen.exit.status == 'ok', seen.errors
    counts: dict[str, list[int]] = {}
    for item in seen.metrics:
        counts.setdefault(item.run_tag, []).append(item.step)
    assert counts == {str(n): list(range(200)) for n in range(9)}


def test_twenty_thousand_calls_are_cheap_and_none_is_lost(workspace: Workspace) -> None:
    seen = workspace.run(
        'import time\nfrom tempera import log\nt = time.process_time()\n'
        'for i in range(20_000):\n    log(i, {"loss": 1 / (i + 1)})\nprint(time.process_time() - t)'
    )
    assert [item.step for item in seen.metrics] == list(range(20_000))
    assert float(seen.text()) < 2.0
    assert len(seen.of('metrics')) < 2000


def test_charts_tables_images_and_matrices(workspace: Workspace) -> None:
    seen = workspace.run(
        'import pandas as pd, matplotlib.pyplot as plt\n'
        'from tempera import configure_dashboard, log_table, log_image, log_confusion_matrix\n'
        'configure_dashboard([{"title": "Loss", "metrics": ["loss"], "type": "line"}])\n'
        'log_table("scores", pd.DataFrame({"a": [1, 2], "b": ["x", None]}))\n'
        'log_table("long", [{"n": i, "text": "y" * 300} for i in range(100)])\n'
        'plt.plot([1, 2]); log_image("a plot", plt.gcf())\n'
        'log_confusion_matrix("test", ["c", "d", "d"], ["c", "c", "d"])'
    )
    assert seen.exit.status == 'ok', seen.errors
    chart = json.loads(seen.of('chart_config_json')[0].chart_config_json)
    assert chart == {'charts': [{'title': 'Loss', 'metrics': ['loss'], 'type': 'line'}]}
    logs = [json.loads(chunk.rich_log_json) for chunk in seen.of('rich_log_json')]
    assert [(log['kind'], log['path']) for log in logs] == [
        ('table', 'eda/logs/scores.csv'),
        ('table', 'eda/logs/long.csv'),
        ('image', 'eda/logs/a_plot.png'),
        ('confusion_matrix', 'eda/logs/test.json'),
    ]
    assert logs[1]['data']['total_rows'] == 100 and logs[3]['data'] == {
        'labels': ['c', 'd'],
        'matrix': [[1, 0], [1, 1]],
    }
    assert workspace.read('eda/logs/a_plot.png').startswith(b'\x89PNG')


def test_a_matplotlib_figure_and_a_model_fit_work(workspace: Workspace) -> None:
    seen = workspace.run(
        'import numpy as np, lightgbm, xgboost\nfrom sklearn.ensemble import RandomForestClassifier\n'
        'x = np.random.default_rng(0).normal(size=(300, 4)); y = (x[:, 0] > 0).astype(int)\n'
        'for model in (lightgbm.LGBMClassifier(n_estimators=5, verbose=-1), xgboost.XGBClassifier(n_estimators=5),\n'
        '              RandomForestClassifier(10, n_jobs=2)):\n'
        '    print(type(model).__name__, model.fit(x, y).score(x, y) > 0.9)'
    )
    assert seen.text() == 'LGBMClassifier True\nXGBClassifier True\nRandomForestClassifier True\n', (
        seen.errors
    )


def test_everything_that_computes_in_threads_and_processes_works(workspace: Workspace) -> None:
    seen = workspace.run(
        'import concurrent.futures as futures, multiprocessing, multiprocessing.shared_memory\n'
        'import os, subprocess, sys, tempfile, threading\n'
        'import catboost, duckdb, joblib, numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq\n'
        'x = np.random.default_rng(0).normal(size=(400, 4)); y = (x[:, 0] > 0).astype(int)\n'
        'def square(n):\n    return n * n\n'
        'if __name__ == "__main__":\n'
        '    model = catboost.CatBoostClassifier(iterations=5, verbose=0, allow_writing_files=False, thread_count=2)\n'
        '    print("catboost", model.fit(x, y).score(x, y) > 0.8)\n'
        '    pq.write_table(pa.table({"a": list(range(1000))}), "a.parquet")\n'
        '    print("pyarrow", pq.read_table("a.parquet", use_threads=True).num_rows)\n'
        '    duckdb.execute("set threads = 4")\n'
        '    print("duckdb", duckdb.execute("select sum(a) from \'a.parquet\'").fetchone()[0])\n'
        '    print("numpy", bool(np.allclose(np.linalg.inv(np.eye(300)) @ np.eye(300), np.eye(300))))\n'
        '    for method in ("fork", "spawn", "forkserver"):\n'
        '        with multiprocessing.get_context(method).Pool(2) as pool:\n'
        '            print(method, pool.map(square, [2, 3]))\n'
        '    with futures.ProcessPoolExecutor(2) as pool:\n        print("pool", list(pool.map(square, [4])))\n'
        '    with futures.ThreadPoolExecutor(8) as pool:\n        print("threads", sum(pool.map(square, range(100))))\n'
        '    print("joblib", joblib.Parallel(2)(joblib.delayed(square)(n) for n in (5, 6)))\n'
        '    memory = multiprocessing.shared_memory.SharedMemory(create=True, size=64)\n'
        '    print("shared", memory.size >= 64); memory.close(); memory.unlink()\n'
        '    print("shell", subprocess.check_output("seq 3 | wc -l", shell=True, text=True).strip())\n'
        '    print("python", subprocess.check_output([sys.executable, "-c", "print(7)"], text=True).strip())\n'
        '    with tempfile.NamedTemporaryFile() as file:\n        os.posix_fallocate(file.fileno(), 0, 4096)\n'
        '    with open("a.parquet", "rb") as source, open("b", "wb") as target:\n'
        '        print("copied", os.sendfile(target.fileno(), source.fileno(), 0, 100))\n'
        '    lock = multiprocessing.Lock()\n    with lock: print("lock", True)\n'
    )
    assert seen.text().splitlines() == [
        *('catboost True', 'pyarrow 1000', 'duckdb 499500', 'numpy True', 'fork [4, 9]', 'spawn [4, 9]'),
        *('forkserver [4, 9]', 'pool [16]', 'threads 328350', 'joblib [25, 36]', 'shared True', 'shell 3'),
        *('python 7', 'copied 100', 'lock True'),
    ], seen.errors


def test_garbage_on_the_channel_ends_nothing(workspace: Workspace) -> None:
    seen = workspace.run(
        'import os\nfrom tempera import log\nlog(1, {"a": 1})\n'
        'fd = os.open(os.environ["TEMPERA_CHANNEL"], os.O_WRONLY)\nos.write(fd, b"\\x00" * 100)\nprint("on")'
    )
    assert (seen.text(), seen.exit.status) == ('on\n', 'ok') and len(seen.metrics) == 1


def test_a_kept_script_runs_by_hand(tmp_path: Path) -> None:
    code = (
        'from tempera import log, log_table, configure_dashboard, paths\nlog(1, {"a": 1})\n'
        'configure_dashboard([])\nlog_table("t", [[1, 2]])\nprint(paths.session == paths.session.cwd())'
    )
    done = subprocess.run(
        [sys.executable, '-c', code],
        cwd=tmp_path,
        env={'PYTHONPATH': str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == 'True\n' and (tmp_path / 'logs/t.csv').read_text() == 'column_1,column_2\n1,2\n'
