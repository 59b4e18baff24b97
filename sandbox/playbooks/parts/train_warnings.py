# Below these a class counts as hardly found, and a test as too small to rest on.
HARDLY_FOUND, FEW_TEST_ROWS = 0.2, 30


def missed_classes(truth: pd.Series, found: np.ndarray) -> list:
    """Classes of five test rows or more that predict() hardly ever names where they are the answer: (label, found, rows)."""
    rows = [
        (label, int(((found == label) & (truth == label)).sum()), int((truth == label).sum()))
        for label in model.classes_
    ]
    return [
        (label, right, count) for label, right, count in rows if count >= 5 and right < HARDLY_FOUND * count
    ]


def warnings_of(truth: pd.Series, found: np.ndarray, thresholds: str) -> list:
    """What a good score may hide, one sentence each; `thresholds` is the table of them, empty where there is none."""
    told = []
    if CLASSES:
        missed = missed_classes(truth, found)
        for label, right, count in missed[:3]:
            told.append(
                f'**`predict()` hardly ever finds `{cell_text(label, 40)}`**: {right} of its {count} test rows.'
                + (
                    ' The ranking by `predict_proba` is what the score judges; to name this class, choose a lower threshold (below).'
                    if thresholds
                    else ''
                )
            )
        if METRIC != 'accuracy' and test['accuracy'] <= baseline['accuracy']:
            told.append(
                f'By accuracy ({test["accuracy"]:.3f}) it is no better than always naming the commonest class ({baseline["accuracy"]:.3f}).'
            )
    elif test['r2'] <= 0:
        told.append(
            f'R² on the test is {"below 0" if test["r2"] > -0.005 else format(test["r2"], ".2f")}: the mean of the test rows themselves, which nobody knows beforehand, would be nearer than the predictions.'
            + (
                ' Along time this can go with a model that is far better than the past mean.'
                if by_time and test['rmse'] < baseline['rmse']
                else ''
            )
        )
    if len(truth) < FEW_TEST_ROWS:
        told.append(
            f'The test has only {counted(len(truth), "row")}: its score says little. Rather rely on the cross-validation, and on that with care.'
        )
    return told


def threshold_table(truth: pd.Series, found: np.ndarray) -> str:
    """Precision and recall of the rarer of two classes by the probability from which on it is named, on rows that the
    fold's model had not seen; empty where that class is neither rare nor hardly found."""
    counts = sample[TARGET].value_counts()
    if PROBLEM != 'binary' or by_time or counts.min() < 10:
        return ''
    rare = counts.idxmin()
    if counts.min() > 0.2 * counts.sum() and rare not in [
        label for label, _, _ in missed_classes(truth, found)
    ]:
        return ''
    chances = pd.Series(np.nan, index=sample.index)
    cut = folds_of(sample[TARGET], CLASSES, PARAMETERS['folds'], 1, PARAMETERS['seed'] + 2, belonging.groups)
    for learn, judge in cut.split(sample[FEATURES], sample[TARGET]):
        fitted = clone(unfitted).fit(sample.iloc[learn][FEATURES], sample.iloc[learn][TARGET])
        chances.iloc[judge] = fitted.predict_proba(sample.iloc[judge][FEATURES])[
            :, list(fitted.classes_).index(rare)
        ]
    is_rare, rows = sample[TARGET] == rare, []
    for wanted in (0.9, 0.75, 0.5, 0.25):
        threshold = float(chances[is_rare].quantile(1 - wanted))
        named = chances >= threshold
        rows.append(
            [
                f'{threshold:.3f}',
                f'{(named & is_rare).sum() / is_rare.sum():.2f}',
                f'{(named & is_rare).sum() / max(1, named.sum()):.2f}',
                f'{100 * named.mean():.1f} %',
            ]
        )
    return (
        f'`{cell_text(rare, 40)}` is the rarer class, so the threshold of 0.5 that `predict()` uses may not be the one that is wanted. By cross-validation, rows whose probability reaches the threshold hold:\n\n'
        + markdown_table(['threshold', 'recall', 'precision', 'rows named'], rows)
    )
