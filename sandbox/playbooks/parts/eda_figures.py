def keep(name: str, caption: str, figure) -> None:
    """Saves a figure and remembers its caption for the report."""
    save(figure, FIGURES / f'{name}.png')
    captions[name] = caption


def shown(name: str) -> str:
    """The figure as the report shows it; brackets of a name would end its alternative text."""
    if name not in captions:
        return ''
    return f'![{captions[name].replace("[", "(").replace("]", ")")}](figures/{name}.png)'


def colour_of(label) -> str:
    """The colour of a class, by how common it is; grey for those past the palette."""
    common = list(answer.astype(str).value_counts().index[: len(CLASS_COLOURS)])
    return CLASS_COLOURS[common.index(str(label))] if str(label) in common else GREY


def grid(count: int, width: float = 2.9, height: float = 2.2):
    """A figure with `count` axes in rows of four."""
    across = min(4, count)
    down = -(-count // across)
    figure, axes = plt.subplots(
        down, across, figsize=(width * across, height * down), squeeze=False, layout='constrained'
    )
    for spare in axes.flat[count:]:
        spare.set_axis_off()
    return figure, list(axes.flat[:count])


def steps_of(values) -> np.ndarray | int:
    """Edges of a histogram: one bar a whole number where these are few, so that no gap stands for a number."""
    low, high = values.min(), values.max()
    if high - low <= 40 and (values == values.round()).all():
        return np.arange(low - 0.5, high + 1)
    return int(min(40, max(8, len(values) ** 0.5)))


def draw_target() -> None:
    counts = answer.astype(str).value_counts().head(20)
    figure, axis = plt.subplots(figsize=(6, 0.9 + 0.3 * len(counts) if CLASSES else 3))
    if CLASSES:
        bars(axis, counts.index, counts, [colour_of(label) for label in counts.index])
        axis.set_xlabel('rows')
        keep('target', f'Rows of each value of {TARGET}', figure)
    else:
        axis.hist(answer, bins=steps_of(answer), color=BLUE)
        axis.axvline(answer.mean(), color=ORANGE, label='mean')
        axis.axvline(answer.median(), color=INK, linestyle=':', label='median')
        axis.set_xlabel(shorten(TARGET)), axis.set_ylabel('rows'), legend_beside(axis)
        keep('target', f'Distribution of {TARGET}', figure)


def draw_missing() -> None:
    """The columns that lack something, the cells stacked by the form in which they lack it; no figure where none does."""
    lacking = [column for column in columns if column['missing'] > 0]
    worst = sorted(lacking, key=lambda column: (-column['missing'], column['name']))[:20]
    if not worst:
        return
    forms = {
        'blank': (GREY, [max(0, column['missing'] - column['disguised']) for column in worst]),
        'in disguise': (ORANGE, [min(column['disguised'], column['missing']) for column in worst]),
    }
    figure, axis = plt.subplots(figsize=(6, 0.8 + 0.24 * len(worst)))
    below = np.zeros(len(worst))
    for label, (colour, cells) in forms.items():
        shares = 100 * np.array(cells) / len(raw)
        if shares.any():
            bars(axis, [column['name'] for column in worst], shares, colour, left=below, label=label)
        below = below + shares
    axis.set_xlabel('% of rows'), legend_beside(axis)
    whole = len(columns) - len(lacking)
    keep(
        'missing',
        'Missing values of each column, by the form in which they come'
        + (f'; {counted(whole, "other column")} without any' if whole else ''),
        figure,
    )


def draw_cardinality() -> None:
    most = sorted(columns, key=lambda column: (-column['distinct'], column['name']))[:25]
    figure, axis = plt.subplots(figsize=(6, 0.6 + 0.22 * len(most)))
    colours = [
        ORANGE if column['name'] in PARAMETERS['drop'] or column['name'] in PARAMETERS['leaks'] else BLUE
        for column in most
    ]
    bars(axis, [column['name'] for column in most], [max(1, column['distinct']) for column in most], colours)
    (
        axis.axvline(len(raw), color=INK, linestyle=':'),
        axis.set_xscale('log'),
        axis.set_xlabel('distinct values (dotted: rows)'),
    )
    keep(
        'cardinality',
        'Distinct values of each column' + ('; orange ones are left out' if ORANGE in colours else ''),
        figure,
    )


def draw_numbers(names: list) -> None:
    figure, axes = grid(len(names))
    for axis, name in zip(axes, names, strict=False):
        axis.hist(table[name].dropna(), bins=steps_of(table[name].dropna()), color=BLUE)
        axis.set_title(shorten(name)), axis.tick_params(labelsize=7)
    for axis in axes[::4]:
        axis.set_ylabel('rows', fontsize=8)
    keep('numbers', 'Distributions of the number columns', figure)


def draw_outliers(names: list) -> None:
    figure, axis = plt.subplots(figsize=(6, 0.8 + 0.25 * len(names)))
    spread = {
        name: (table[name].quantile(0.75) - table[name].quantile(0.25)) or table[name].std() or 1
        for name in names
    }
    axis.boxplot(
        [((table[name] - table[name].median()) / spread[name]).dropna() for name in names[::-1]],
        orientation='horizontal',
        tick_labels=labels_of(names[::-1]),
        flierprops={'markersize': 2},
    )
    axis.set_xlabel('distance from the median in interquartile ranges')
    keep('outliers', 'Spread and outliers of the number columns on one scale', figure)


def draw_categories(names: list) -> None:
    figure, axes = grid(len(names))
    for axis, name in zip(axes, names, strict=False):
        counts = table[name].fillna('(missing)').value_counts().head(8)
        bars(axis, counts.index, counts, BLUE, 14)
        axis.set_title(shorten(name)), axis.tick_params(labelsize=7)
    keep('categories', 'The commonest values of the category columns', figure)


def draw_correlation(names: list) -> pd.DataFrame:
    matrix = table[names].corr(method='spearman')
    figure, axis = plt.subplots(figsize=(1.8 + 0.33 * len(names), 1.4 + 0.33 * len(names)))
    image = axis.imshow(matrix, cmap='RdBu_r', vmin=-1, vmax=1)
    labels = labels_of(names, 20)
    (
        axis.set_xticks(range(len(names)), labels, rotation=90, fontsize=7),
        axis.set_yticks(range(len(names)), labels, fontsize=7),
    )
    figure.colorbar(image, shrink=0.7)
    keep('correlation', 'Rank correlation of the number columns', figure)
    return matrix


def draw_signal(scores: list) -> None:
    best = scores[:20]
    figure, axis = plt.subplots(figsize=(6, 0.6 + 0.22 * len(best)))
    colours = [ORANGE if name in PARAMETERS['leaks'] else BLUE for name, _ in best]
    bars(axis, [name for name, _ in best], [max(0, score or 0) for _, score in best], colours)
    (
        axis.set_xlabel(
            f'{MEASURE} of a small tree on this column alone (0 {"guessing" if CLASSES else "the mean"}, 1 perfect)'
        ),
        axis.set_xlim(0, 1),
    )
    keep(
        'signal',
        f'What each column alone tells of {TARGET}' + ('; orange gives it away' if ORANGE in colours else ''),
        figure,
    )


def draw_strongest(names: list) -> None:
    figure, axes = grid(len(names), 3.4, 2.8)
    for axis, name in zip(axes, names, strict=False):
        draw_against(axis, name)
        axis.set_title(shorten(name)), axis.tick_params(labelsize=7)
    keep('strongest', f'The strongest columns against {TARGET}', figure)


def draw_against(axis, name: str) -> None:
    """One column against the target, in the form that fits the two kinds."""
    some = table[[name, TARGET]].dropna().head(3000)
    if CLASSES and kinds[name] == 'number':
        labels = list(answer.astype(str).value_counts().index[:8])
        boxes = axis.boxplot(
            [some[name][some[TARGET].astype(str) == label] for label in labels],
            tick_labels=labels_of(labels, 10),
            patch_artist=True,
            medianprops={'color': INK},
            flierprops={'markersize': 2},
        )
        for box, label in zip(boxes['boxes'], labels, strict=False):
            box.set_facecolor(colour_of(label))
        axis.set_xlabel(shorten(TARGET), fontsize=8)
    elif CLASSES and kinds[name] != 'date':
        draw_shares(axis, pd.crosstab(some[name], some[TARGET].astype(str), normalize='index').head(8))
    elif kinds[name] in ('number', 'date'):
        classes = pd.Categorical(some[TARGET].astype(str) if CLASSES else [])
        axis.scatter(some[name], classes.codes if CLASSES else some[TARGET], s=5, alpha=0.5, color=BLUE)
        axis.set_yticks(
            range(len(classes.categories[:12])), labels_of(classes.categories[:12], 12)
        ) if CLASSES else axis.set_ylabel(shorten(TARGET), fontsize=8)
        axis.tick_params(axis='x', rotation=30 if kinds[name] == 'date' else 0)
    else:
        labels = list(some[name].value_counts().index[:8])
        axis.boxplot(
            [some[TARGET][some[name] == label] for label in labels],
            tick_labels=labels_of(labels, 10),
            flierprops={'markersize': 2},
        )
        axis.set_ylabel(shorten(TARGET), fontsize=8), axis.tick_params(axis='x', rotation=45)


def draw_shares(axis, shares: pd.DataFrame) -> None:
    """A stacked bar for each category: the classes' shares of its rows, the commonest classes by name, the rest as one."""
    common = [label for label in answer.astype(str).value_counts().index[:7] if label in shares.columns]
    parts = shares[common].assign(
        **({'others': shares.drop(columns=common).sum(axis=1)} if len(common) < len(shares.columns) else {})
    )
    below = np.zeros(len(parts))
    for label in parts.columns:
        axis.bar(
            range(len(parts)),
            parts[label],
            bottom=below,
            width=0.8,
            color=colour_of(label),
            label=shorten(label, 16),
        )
        below = below + parts[label].to_numpy()
    (
        axis.set_xticks(range(len(parts)), labels_of(parts.index, 10), rotation=45),
        axis.set_ylabel('share of rows'),
    )
    legend_beside(axis)


def draw_pair(first: str, second: str) -> None:
    figure, axis = plt.subplots(figsize=(5, 4))
    some = table[[first, second, TARGET]].dropna().head(3000)
    if CLASSES:
        for label in list(answer.astype(str).value_counts().index[:8]):
            part = some[some[TARGET].astype(str) == label]
            axis.scatter(
                part[first], part[second], s=10, alpha=0.6, color=colour_of(label), label=shorten(label)
            )
        legend_beside(axis)
    else:
        points = axis.scatter(some[first], some[second], c=some[TARGET], s=10, cmap='viridis')
        figure.colorbar(points, label=shorten(TARGET))
    axis.set_xlabel(shorten(first)), axis.set_ylabel(shorten(second))
    keep('pair', f'The two strongest number columns together, coloured by {TARGET}', figure)


def draw_time(name: str) -> None:
    ordered = pd.Series(
        pd.Categorical(answer).codes if CLASSES else answer.to_numpy(), index=pd.DatetimeIndex(table[name])
    ).sort_index()
    ordered = ordered[ordered.index.notna()]
    figure, axis = plt.subplots(figsize=(7, 2.8))
    axis.plot(ordered.index, ordered.to_numpy(), linewidth=0.5, color=GREY)
    window = max(3, len(ordered) // 60)
    axis.plot(
        ordered.index,
        ordered.rolling(window, center=True).mean(),
        color=ORANGE,
        label=f'mean of {window} rows',
    )
    legend_beside(axis), axis.set_ylabel(shorten(TARGET))
    keep('time', f'{TARGET} along {name}', figure)
    months = [ordered[ordered.index.month == month].to_numpy() for month in range(1, 13)]
    figure, axis = plt.subplots(figsize=(6, 2.8))
    axis.boxplot(
        [values if len(values) else [np.nan] for values in months],
        tick_labels=list('JFMAMJJASOND'),
        flierprops={'markersize': 2},
    )
    axis.set_ylabel(shorten(TARGET))
    keep('season', f'{TARGET} by month', figure)
