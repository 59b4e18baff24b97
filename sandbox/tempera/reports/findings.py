"""What a script found, printed so that the next step can read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np


def rounded(value: Any) -> Any:
    """JSON-ready: numbers to six significant digits, NaN to null, so that findings compare and stay short."""
    if isinstance(value, Mapping):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f'{value:.6g}') if np.isfinite(value) else None
    return None if value is None else str(value)


def tell(findings: Mapping[str, Any]) -> None:
    """Prints what was found as one line of JSON between two marks."""
    print('=== findings ===')
    print(json.dumps(rounded(findings), ensure_ascii=False))
    print('=== end of findings ===')
