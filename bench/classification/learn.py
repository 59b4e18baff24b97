"""Runs the sandbox's tool `label_columns` over a file of columns, outside of a sandbox, and prints its answer.

    learn.py --file FILE --count N
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tempera_sandbox.tools import Context, run_tool


def main() -> int:
    """One line of JSON."""
    words = argparse.ArgumentParser()
    words.add_argument('--file', type=Path, required=True)
    words.add_argument('--count', type=int, required=True)
    given = words.parse_args()
    folder = given.file.parent
    params = {'file': given.file.name, 'count': given.count}
    print(json.dumps(run_tool('label_columns', params, Context(folder, folder))))
    return 0


if __name__ == '__main__':
    sys.exit(main())
