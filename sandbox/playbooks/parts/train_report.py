# The sections of the training report, of what the script has found.
useful = [item for item in importance if item['mean'] > 2 * item['sd'] and item['mean'] > 0]
errors = ''
if CLASSES:
    wrong = pd.crosstab(truth.astype(str), pd.Series(found, index=truth.index).astype(str))
    pairs = [
        (int(wrong.loc[a, b]), a, b)
        for a in wrong.index
        for b in wrong.columns
        if a != b and wrong.loc[a, b] > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    errors = f'{int((truth.to_numpy() == found).sum())} of {len(truth)} test rows are right. ' + (
        'Most often confused: '
        + '; '.join(
            f'{count} × `{cell_text(a, 40)}` taken for `{cell_text(b, 40)}`' for count, a, b in pairs[:3]
        )
        + '.'
        if pairs
        else 'None is wrong, which on so few rows does not mean that none ever will be.'
    )
else:
    gap = (truth - found).abs()
    errors = f'Half of the test rows are within {number_text(gap.median())} of the truth, nine in ten within {number_text(gap.quantile(0.9))}; the largest miss is {number_text(gap.max())}. The errors’ mean is {number_text((truth - found).mean())}, so the model is {"nearly unbiased" if abs((truth - found).mean()) < 0.15 * truth.std() else "biased here: its predictions are too " + ("low" if (truth - found).mean() > 0 else "high") + " on the whole"}.'
thresholds = threshold_table(truth, found)
beware = warnings_of(truth, found, thresholds)
named = title if NAME in ('extra_trees', 'boosting') else f'a {title}'
expected = f'{score_text(scores.mean())} (sd {score_text(scores.std(ddof=1))} over {len(scores)} folds)'
metric_rows = [
    [
        name,
        *(
            score_text(scores_there[name], 4) if name in scores_there else '–'
            for scores_there in (test, baseline, validation)
        ),
    ]
    for name in test
]
better = (
    baseline[METRIC] > test[METRIC]
    if METRIC in ('log_loss', 'rmse', 'mae')
    else test[METRIC] > baseline[METRIC]
)
# One test split may be lucky: by cross-validation too the model must be better than the dummy, by a standard error.
promising = comparison.get('beats_dummy', True)
better = better and promising
sections = [
    f'# A model for `{TARGET}`',
    '## In short',
    (
        ''
        if promising
        else f'**Nothing here predicts `{TARGET}`**: by cross-validation no candidate is better than a dummy by more than chance. What follows describes the least bad one. '
    )
    + f'The chosen model, {named.replace(title, f"**{title}**")}, reaches **{METRIC} {score_text(test[METRIC])}** on {counted(len(truth), "row")} that it never saw (which leaves **{score_text(reached.low)} to {score_text(reached.high)}** open for new ones of the same kind, with 95 %); a dummy reaches {score_text(baseline[METRIC])}. Cross-validated on its own before the test was opened it had {expected}, from which a 95 % prediction interval of **{score_text(interval["low"])} to {score_text(interval["high"])}** follows for this test; the score lies {"inside it" if inside else "**outside it**"}.'
    + ('' if better else ' **It is not shown to beat the dummy: do not use it.**'),
    '\n'.join(f'- {line}' for line in beware),
    '## Comparison',
    f'Candidates were judged on the same {len(sample):,} rows of train and val{"" if len(sample) == len(known) else ", " + ("the latest" if by_time else "drawn at random") + f" of {len(known):,}"}, with the preprocessing fitted inside every fold. Metric: **{METRIC}** ({METRIC_WORDS[METRIC]}), because {as_clause(PARAMETERS["metric_reason"] or metadata.get("metric_reason") or "it fits the kind of target")}.'
    + (
        ' In the fit all classes weigh alike, because the metric counts them alike.'
        if CLASSES and task.class_weight and NAME != 'kernel'
        else ''
    ),
    markdown_table(
        ['candidate', METRIC, 'sd of folds', 'standard error', 'seconds'],
        [
            [
                item['title'],
                *(score_text(item[key], 4) for key in ('mean', 'sd', 'se')),
                f'{item["seconds"]:.1f}',
            ]
            for item in comparison['candidates']
        ],
    ),
    shown('comparison'),
    f'**Chosen: {title}**, because {as_clause(PARAMETERS["reason"])}. '
    + (
        f'Its {len(scores)} folds, cut forwards in time, also say what to expect of the test: {expected}.'
        if by_time
        else f"It was then cross-validated once more, on {len(scores)} other folds, to know better what to expect of the test: {expected}. Its figure may differ a little from the table's, which serves to compare."
    ),
    '## The test',
    markdown_table(['metric', 'test', 'dummy', 'validation (trained on train alone)'], metric_rows),
    shown('interval'),
    errors,
    class_table(truth, found) if CLASSES else '',
    thresholds,
    shown('confusion'),
    shown('certainty'),
    shown('residuals'),
    undrawn_names(),
    '## What it uses',
    (
        f'Shuffling {listed([item["feature"] for item in useful], 4)} hurts it clearly; '
        + (
            'the other columns hardly matter on these rows.'
            if len(useful) < len(importance)
            else 'every column carries something.'
        )
    )
    if useful
    else 'No single column’s loss stands out from chance on these rows.'
    if len(importance) > 1
    else 'Shuffling its one column makes no difference beyond chance on these rows.',
    shown('importance'),
    '## What is uncertain',
    '\n'.join(
        f'- {line}'
        for line in [
            f'The interval assumes that new rows are like these. It reflects {len(truth):,} test rows; more would narrow it.',
            *(
                []
                if inside
                else [
                    'The test score fell outside the interval. One run in twenty does; if it repeats with another seed, the splits differ in kind.'
                ]
            ),
            'Correlated columns share importance, so a low bar does not mean that a column is useless.',
            *[
                f'Much hangs on `{name}`, of which it knows the values of the training rows only: expect less for rows with a new one.'
                for name in metadata.get('target_encoded', [])
                if name in [item['feature'] for item in useful]
            ],
            *(
                [
                    'Rows with equal features stand on both sides of the split, because too few combinations differ to hold them apart. The score speaks for combinations like these, not for new ones.'
                ]
                if metadata['split'].get('equal_rows') == 'mixed'
                else []
            ),
            *PARAMETERS['uncertain'],
        ]
    ),
    '## Model card',
    markdown_table(
        ['', ''],
        [
            ['Model', title],
            ['Predicts', f'{TARGET} ({PROBLEM})'],
            [
                'Inputs',
                f'{counted(len(FEATURES), "column")}: '
                + ', '.join(FEATURES[:8])
                + (f' and {len(FEATURES) - 8} more' if len(FEATURES) > 8 else ''),
            ],
            *([['Left out on request', ', '.join(PARAMETERS['left_out'])]] if PARAMETERS['left_out'] else []),
            ['Trained on', f'{len(known):,} rows (train and val)'],
            ['Judged on', f'{len(truth):,} held-out rows, opened once'],
            [
                'Intended use',
                'rows of the same origin as the upload'
                if promising
                else 'none: it is not shown to beat a dummy',
            ],
            ['Not for', 'rows of another origin, or decisions about people without review'],
            [
                'How to use it',
                "joblib.load('train/models/model.pkl').predict(DataFrame with the columns above)",
            ],
            ['Needs', 'train/models/requirements.txt'],
            ['Seed', PARAMETERS['seed']],
        ],
    ),
    '## Next steps',
    '\n'.join(
        [
            '1. Try the model on rows collected later than these.',
            '2. Look at the largest errors with someone who knows the rows.',
        ]
        + (['3. Collect more rows of the kind that is confused most.'] if CLASSES and pairs else [])
    ),
]
