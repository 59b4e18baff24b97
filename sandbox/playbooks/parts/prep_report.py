def column_split(values: pd.Series) -> pd.Series:
    """Splits as the person's own column says; validation rows are cut from training when it names none."""
    names = {
        'training': 'train',
        'valid': 'val',
        'validation': 'val',
        'dev': 'val',
        'testing': 'test',
        'holdout': 'test',
    }
    return values.map(str).str.strip().str.lower().replace(names)


def place_of(table: pd.DataFrame) -> tuple:
    """The split of each row, as measured or as the person said, and whether rows of equal features were held apart."""
    strategy, by = PARAMETERS['split']['strategy'], PARAMETERS['split']['by']
    if not source.test_rows and strategy != 'column':
        split = measured.split
        if strategy != named_strategy(split.strategy):
            plain = 'stratified' if CLASSES else 'random'
            split = replace(
                split,
                strategy='forward' if strategy == 'time' else plain,
                by=(by,) if strategy == 'time' else (),
                group='',
            )
        return split_rows(plan, table, split, target, features, PARAMETERS['seed'])
    if source.test_rows:
        place = pd.Series(
            np.where(table.index.isin(list(source.test_rows)), 'test', 'train'), index=table.index
        )
    else:
        place = column_split(frame.loc[table.index, by])
        place = place.where(place.isin(SPLITS), 'train')
    rest = place != 'test' if (place == 'test').any() else pd.Series(True, index=table.index)
    if (place == 'val').any() and (place == 'test').any():
        return place, None
    # what is lacking is cut from the rest by the rows' content, in the shares that it would have of the whole
    usual = replace(measured.split, strategy='stratified' if CLASSES else 'random', by=(), group='')
    dealt, apart = split_rows(plan, table[rest], usual, target, features, PARAMETERS['seed'])
    return place.where(~rest, dealt.replace({'test': 'val'}) if (place == 'test').any() else dealt), apart


def told_of_equal_rows() -> list:
    """What became of rows whose features are equal, for the report; nothing where there are none or the split is given."""
    if apart is None:
        return []
    if apart == 'apart':
        return [
            f'- {counted(alike, "row")} {"has" if alike == 1 else "have"} the same features as an earlier one. Each such '
            'group stays on one side of the split, so that none is judged on what was learned by heart.'
        ]
    return [
        f'- **Rows with equal features could not be held apart.** {counted(alike, "row")} of {len(table):,} '
        f'{"has" if alike == 1 else "have"} the same features as an earlier one: kept whole they would leave splits far '
        'from their shares, without some class or with too few combinations to judge by. The split is row by row; the '
        'score speaks for combinations like these, not for new ones.'
    ]


def how_split() -> str:
    by = PARAMETERS['split']['by']
    return {
        'time': f'by time along `{by}`: training rows come first, test rows last, rows of one moment together',
        'group': f'by `{by}`: all rows of one value stand on one side',
        'time_and_group': f'by time along `{by}`, all rows of a value of `{measured.split.group}` on one side',
        'column': f'by the column `{by}`',
        'file': f'with the file `{PARAMETERS["test_file"]}` as the test split',
    }.get(
        strategy,
        'at random by the rows’ content with a fixed seed, '
        + ('class by class' if CLASSES else 'quintile by quintile of the target'),
    )


def told_of_rows() -> list:
    """Every row of the file that does not go on, with its reason."""
    words = {
        'missing_target': 'without a value of the target',
        'too_rare': 'with a label too rare to be learned',
        'censored': 'whose time had not ended',
        'duplicates': 'as exact repeats, so that no row is both learned from and judged on',
    }
    lines = [
        f'- Left out {words[reason]}: {counted(count, "row")}.' for reason, count in left_out.items() if count
    ]
    lines += [
        f'- Left out as no data ({reason.replace("_", " ")}): {counted(count, "line")}.'
        for reason, count in plan.file.left_out.items()
        if count
    ]
    if not left_out['missing_target']:
        lines.insert(0, '- Every row has a value of the target.')
    if not left_out['duplicates'] and repeats:
        lines.append(
            f'- Exact repeats kept: {counted(repeats, "row")}; with few possible values repeats are to be expected.'
        )
    return lines


def told_of_columns() -> list:
    """How the columns become numbers, by kind."""
    kinds = {name: plan.column(name).kind for name in features}
    of = lambda *wanted: [name for name in features if kinds[name] in wanted]  # noqa: E731
    lines = []
    numeric = [name for name in features if metadata['column_types'][name] == 'number']
    if numeric:
        lines.append(
            f'- Numbers ({len(numeric)}): gaps take the median of the training rows, and where there are some a '
            'column of its own says where; then scaling to mean 0 and standard deviation 1.'
        )
    labelled = of('category', 'code', 'boolean', 'ordinal', 'identifier')
    if labelled:
        lines.append(
            f'- Labels ({len(labelled)}): a column for each common value; rare values, and any never seen, share '
            'one; a gap is a value of its own.'
        )
    if metadata['target_encoded']:
        lines.append(
            f'- {listed(metadata["target_encoded"])}: so many values that each is replaced by a smoothed mean of the '
            'target, cross-fitted inside training, and by how common it is.'
        )
    for kind, what in (
        ('date', 'year, month, week, weekday, season and the days that have passed'),
        ('datetime', 'the same as of dates, and the hour'),
        ('time', 'the hour, also as a circle'),
        ('text', 'words and groups of characters, reduced to a few numbers, and the length'),
        ('list', 'which of the commonest items are there, and how many'),
        ('record', 'each field as a column of its own'),
        ('coordinates', 'both numbers'),
    ):
        if of(kind) and not (kind == 'text' and set(of(kind)) <= set(metadata['target_encoded'])):
            lines.append(
                f'- {kind[0].upper()}{kind[1:]}{"" if kind == "coordinates" else "s"} ({listed(of(kind))}): {what}.'
            )
    return lines


def write_report() -> None:
    balance = []
    for name, part in splits.items():
        shares = part[TARGET].value_counts(normalize=True).sort_index().head(8) if CLASSES else []
        spread = (
            ', '.join(f'{label}: {100 * share:.2g} %' for label, share in shares.items())
            if CLASSES
            else f'mean {number_text(part[TARGET].mean())}, sd {number_text(part[TARGET].std())}'
        )
        balance.append([name, f'{len(part):,}', f'{100 * len(part) / len(table):.1f} %', spread])
    export_csv(pd.DataFrame(balance, columns=['split', 'rows', 'share', 'target']), out / 'splits.csv')
    in_short = (
        f'{counted(metadata["dataset_rows"], "row")} came in and {len(table):,} go on with '
        f'{counted(len(features), "column")}, which the pipeline turns into {counted(matrix.shape[1], "number")}. '
        f'The split is {how_split()}. '
        + (
            f'{share_text(cells, total_cells)} of the upload’s cells are missing.'
            if cells
            else 'No cell of the upload is missing.'
        )
    )
    confirm = [
        f'- {question.text}'
        + (f' Taken for now: {question.choices[0].consequence}' if question.choices else '')
        for question in measured.questions
    ]
    uncertain = [
        f'- {len(splits["test"]):,} test rows: '
        + (
            f'one row more or less right moves accuracy by {100 / len(splits["test"]):.1f} points.'
            if CLASSES
            else 'a few unusual rows can move the score visibly.'
        ),
        *[f'- {warning}' for warning in measured.target.warnings],
        *[
            f'- `{name}` has {train[name].nunique():,} values in train, and {100 * splits["test"][name].isin(train[name]).mean():.0f} % '
            f'of the test rows have one of them: the score speaks for values that were seen.'
            for name in metadata['target_encoded']
        ],
    ]
    sections = [
        f'# Preparing `{TARGET}`',
        '## In short',
        in_short,
        markdown_table(['split', 'rows', 'share', 'target'], balance),
        '## What was done, and why',
        '\n'.join(
            [
                *told_of_rows(),
                *told_of_equal_rows(),
                *[f'- `{name}` was dropped: {reason}.' for name, reason in PARAMETERS['drop'].items()],
                *told_of_columns(),
                '- The parquet files hold typed, *untransformed* values; the pipeline in `prep_pipeline.pkl` was fitted on train only.',
            ]
        ),
        *(['## To confirm', '\n'.join(confirm)] if confirm else []),
        '## What is uncertain',
        '\n'.join(uncertain),
        '## Next steps',
        '1. Train on these splits; refit this pipeline inside every fold.\n2. Leave the test split alone until the model is chosen.',
    ]
    Path('prep/report.md').write_text('\n\n'.join(sections) + '\n', encoding='utf-8')
