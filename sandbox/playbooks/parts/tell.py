def rounded(value):
    """JSON-ready: numbers to six significant digits, NaN to null, so that findings compare and stay short."""
    if isinstance(value, dict):
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


def tell(findings: dict) -> None:
    """Prints what was found as one line of JSON between two marks: the next step reads it."""
    print('=== findings ===')
    print(json.dumps(rounded(findings), ensure_ascii=False))
    print('=== end of findings ===')
