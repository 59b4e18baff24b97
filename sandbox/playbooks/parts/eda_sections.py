# The sections of the exploration's report, of what the script has found.
gaps = missing_cells(source)
disguised = [column for column in columns if column['disguised']]
found = []
form = (
    {
        'parquet': 'Parquet',
        'xlsx': f'a workbook (sheet `{read.get("sheet")}`)',
        'json': 'JSON',
        'jsonl': 'JSON, one record a line',
    }.get(read['format'])
    or f'{read["format"].upper()} text (delimiter `{ {chr(9): "tab"}.get(read["delimiter"], read["delimiter"]) }`, {read["encoding"]}{", " + read["compression"] if read["compression"] else ""}{", decimal comma" if read["decimal"] == "," else ""})'
)
found.append(
    f'`{read["file"]}` is {form} with **{counted(len(raw), "row")} and {counted(len(columns), "column")}**'
    + ('.' if read['header'] else '; it has **no header line**, so columns are called `column_1` … by place.')
)
count_of = {
    kind: sum(column['kind'] == kind for column in columns)
    for kind in ('number', 'category', 'text', 'date', 'constant')
}
found.append(
    'By kind: '
    + ', '.join(counted(count, f'{kind} column') for kind, count in count_of.items() if count)
    + '.'
)
if gaps:
    worst = max(columns, key=lambda column: (column['missing'], column['name']))
    found.append(
        f'{share_text(gaps, len(raw) * len(columns))} of the cells are missing, most in `{worst["name"]}` ({share_text(worst["missing"], len(raw))} of the rows).'
        + (
            f' In {listed([column["name"] for column in disguised])} they are written as {listed(sorted({form for column in disguised for form in column["disguises"]}))}.'
            if disguised
            else ''
        )
    )
else:
    found.append('No cell is blank or marked as missing.')
for column in plan.columns:
    for token in column.sentinels:
        found.append(
            f'`{column.name}` is {token.text} in {share_text(token.count, len(raw))} of the rows, which stands for no value: {token.because}.'
        )
    if column.unparsed:
        found.append(
            f'{100 * column.unparsed:.2g} % of the cells of `{column.name}` are no {column.kind}, such as '
            f'{listed([cell_text(text, 40) for text in column.unparsed_examples[:3]])}: they count as missing.'
        )
unused = {reason: count for reason, count in plan.file.left_out.items() if count}
if unused:
    found.append(
        f'The file has {counted(plan.file.rows, "row")}; lines that are no data were left out: '
        + ', '.join(
            f'{counted(count, "line")} ({reason.replace("_", " ")})' for reason, count in unused.items()
        )
        + '.'
    )
if plan.file.renamed:
    found.append(
        'Names that were empty or stood twice were changed: '
        + ', '.join(f'`{cell_text(was, 40)}` to `{now}`' for now, was in list(plan.file.renamed.items())[:6])
        + '.'
    )
if plan.file.encoding_is_guess:
    found.append(f'The encoding, {plan.file.encoding}, is a guess: nothing in the file proves it.')
found.append(
    f'{share_text(profile["duplicates"], len(raw))} of the rows repeat an earlier row exactly.'
    if profile['duplicates']
    else 'No row repeats another exactly.'
)
heavy = [column['name'] for column in columns if 'heavy_tail' in column['flags']]
if heavy:
    found.append(f'Heavy tails in {listed(heavy)}: a few very large values carry most of the variance.')
for first, second, size in relations['twins'][:5]:
    found.append(f'`{first}` and `{second}` say nearly the same thing (rank correlation {size:.2f}).')

about = relations['target']
if CLASSES:
    counts = answer.value_counts()
    ratio = counts.max() / counts.min()
    target_text = f'It has {len(counts)} classes; the commonest, `{cell_text(counts.index[0], 40)}`, holds {share_text(int(counts.iloc[0]), int(counts.sum()))} of the rows, the rarest, `{cell_text(counts.index[-1], 40)}`, {share_text(int(counts.iloc[-1]), int(counts.sum()))}.'
    target_text += (
        ' That is **imbalanced**: accuracy alone would flatter a model.'
        if ratio >= 3
        else ' The classes are balanced well enough for plain metrics.'
    )
else:
    target_text = f'Its mean is {number_text(answer.mean())}, its standard deviation {number_text(answer.std())}, its range {number_text(answer.min())} to {number_text(answer.max())}, its skewness {number_text(answer.skew())}.'
if about['missing']:
    target_text += f' {share_text(about["missing"], len(raw))} of the rows have no target and cannot be used.'

decided = [
    f'**Target: `{TARGET}`** ({PARAMETERS["problem_type"]}), because {as_clause(PARAMETERS["target_reason"])}.',
    f'**Metric: {PARAMETERS["metric"]}**, because {as_clause(PARAMETERS["metric_reason"])}.',
]
decided += [
    f'**Drop `{name}`: it gives the target away** ({how}). A model that sees it would look far better than it is.'
    for name, how in PARAMETERS['leaks'].items()
]
decided += [f'Drop `{name}`: {reason}.' for name, reason in PARAMETERS['drop'].items()]
if profile['duplicates']:
    decided.append(
        'Drop repeated rows: with continuous measurements an exact repeat is a re-entry.'
        if PARAMETERS['drop_duplicates']
        else 'Keep repeated rows: with few possible values repeats are to be expected. Rows with equal features stay on one side of the split where that leaves sensible splits.'
    )
strategy, by = PARAMETERS['split']['strategy'], PARAMETERS['split']['by']
why = (
    f' Why: {measured.split.because}.'
    if strategy in ('time', 'group', 'time_and_group') and measured.split.because
    else ''
)
decided.append(
    {
        'time': f'**Split by time along `{by}`**: the latest rows are the test, rows of one moment stay together.{why}',
        'group': f'**Split by `{by}`**: all rows of one value stay on one side.{why}',
        'time_and_group': f'**Split by time along `{by}`, with all rows of a `{measured.split.group}` on one side.**{why}',
        'column': f'Split by the column `{by}`, as asked.',
        'file': f'Test on the file `{by}`, as asked.',
    }.get(
        strategy,
        'Split 70/15/15 at random by content, '
        + ('keeping the classes’ shares.' if CLASSES else 'keeping the target’s quintiles.'),
    )
)
decided += [f'From the instructions: {wish}.' for wish in PARAMETERS['wishes']]

confirm = [
    f'{question.text}' + (f' Taken for now: {question.choices[0].consequence}' if question.choices else '')
    for question in (*measured.questions, *plan.questions)
][:12]
uncertain = [*PARAMETERS['uncertain'], *measured.target.warnings, *measured.warnings]
if measured.untried:
    uncertain.append(
        f'For want of work ({measured.work_limit:,} cells) these were not tried: {"; ".join(measured.untried[:5])}.'
    )
if not CLASSES and 'heavy_tail' in by_name[TARGET]['flags']:
    top = answer.nlargest(max(1, len(answer) // 100))
    part = 100 * ((top - answer.mean()) ** 2).sum() / ((answer - answer.mean()) ** 2).sum()
    uncertain.append(
        f'The largest 1 % of the values of `{TARGET}` hold {part:.0f} % of its variance. The R² of single columns hangs on those few rows: a column that tells much of the usual rows may look useless above.'
    )
if len(raw) < 500:
    uncertain.append(
        f'With {len(raw):,} rows a share near one half may be off by about {100 / np.sqrt(len(raw)):.0f} points either way.'
    )
if not uncertain:
    uncertain.append(
        'Nothing here tells how the rows were sampled; if they are not like the ones to be predicted, no split can show it.'
    )
signal_text = 'No column tells anything alone.'
if scores:
    best = [(name, score) for name, score in scores if name in used][:3]
    if best:
        signal_text = 'Judged one at a time by a quick cross-validated learner, ' + listed_scores(best) + '.'

sections = [
    f'# What is in {cell_text(read["file"])}',
    '## In short',
    f'{found[0]} To be predicted: `{TARGET}` ({PARAMETERS["problem_type"]}). {signal_text}'
    + (
        f' **{listed(PARAMETERS["leaks"])} {"give" if len(PARAMETERS["leaks"]) > 1 else "gives"} the target away and {"are" if len(PARAMETERS["leaks"]) > 1 else "is"} dropped.**'
        if PARAMETERS['leaks']
        else ''
    ),
    '## What was found',
    '\n'.join(f'- {line}' for line in found[1:]),
    shown('missing'),
    shown('cardinality'),
    shown('numbers'),
    shown('outliers'),
    shown('categories'),
    f'### The target, `{TARGET}`',
    target_text,
    shown('target'),
    shown('time'),
    shown('season'),
    '### What tells of the target',
    f'{signal_text} {MEASURE_WORDS[0].upper()}{MEASURE_WORDS[1:]}.',
    shown('signal'),
    shown('strongest'),
    shown('pair'),
    shown('correlation'),
    shown('association'),
    undrawn_names(),
    '### The columns',
    markdown_table(
        ['column', 'kind', 'missing', 'distinct', MEASURE, 'remarks'],
        [
            [
                column['name'],
                column['kind'],
                f'{column["missing"]:,}' if column['missing'] else '–',
                f'{column["distinct"]:,}',
                '–'
                if relations['scores'].get(column['name']) is None
                else f'{max(relations["scores"][column["name"]], 0):.2f}',
                ', '.join(column['flags']).replace('_', ' ') or '–',
            ]
            for column in columns[:100]
        ],
    ),
    '' if len(columns) <= 100 else f'{len(columns) - 100:,} more columns are in `eda/data/columns.csv`.',
    '### What was measured',
    measured_text(),
    '## What was decided, and why',
    '\n'.join(f'- {line}' for line in decided),
    '## What is uncertain',
    '\n'.join(f'- {line}' for line in uncertain),
    *(['## To confirm', '\n'.join(f'- {line}' for line in confirm)] if confirm else []),
    '## Next steps',
    '\n'.join(
        f'{place}. {line}'
        for place, line in enumerate(
            [
                'Prepare the splits with these decisions; fit imputing, scaling and encoding on the training rows only.',
                f'Compare a few models by {PARAMETERS["metric"]} with repeated cross-validation against a dummy.',
                'Ask whoever knows the table about the uncertain points above before relying on the model.',
            ],
            1,
        )
    ),
]
