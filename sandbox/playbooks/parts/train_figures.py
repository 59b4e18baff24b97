def keep(name: str, caption: str, figure) -> None:
    save(figure, FIGURES / f'{name}.png')
    captions[name] = caption


def shown(name: str) -> str:
    return f'![{captions[name]}](figures/{name}.png)' if name in captions else ''


def draw_comparison(candidates: list) -> None:
    figure, axis = plt.subplots(figsize=(6, 0.8 + 0.35 * len(candidates)))
    names = [result['title'] for result in candidates][::-1]
    means = [result['mean'] for result in candidates][::-1]
    axis.errorbar(
        means,
        range(len(names)),
        xerr=[result['se'] for result in candidates][::-1],
        fmt='o',
        color=BLUE,
        ecolor=GREY,
        capsize=3,
    )
    axis.set_yticks(range(len(names)), names), axis.set_ylim(-0.6, len(names) - 0.4)
    told = f'cross-validated {METRIC}, with its standard error'
    real = [(result['mean'], result['se']) for result in candidates if result['name'] != 'dummy']
    dummy = next((result['mean'] for result in candidates if result['name'] == 'dummy'), None)
    low, high = (min(mean - se for mean, se in real), max(mean + se for mean, se in real)) if real else (0, 1)
    room = (high - low) or 0.01
    # A dummy far off would squeeze the candidates, which are what is compared, into one point.
    if dummy is not None and not low - 4 * room <= dummy <= high + 4 * room:
        axis.set_xlim(low - room / 2, high + room / 2)
        told += f'; the dummy is off the scale at {dummy:.3f}'
    axis.set_xlabel(told)
    keep('comparison', 'Candidates on the same folds', figure)


def draw_interval(scores: np.ndarray) -> None:
    figure, axis = plt.subplots(figsize=(6, 2.6))
    # scores that are all but equal have no range to cut into bins
    bins = 15 if np.ptp(scores) > 1e-6 else np.linspace(scores.mean() - 0.01, scores.mean() + 0.01, 16)
    axis.hist(scores, bins=bins, color=GREY)
    axis.axvspan(interval['low'], interval['high'], color=BLUE, alpha=0.12, label='95 % prediction interval')
    axis.axvline(test[METRIC], color=ORANGE, label='held-out test')
    low, high = (of([*scores, interval['low'], interval['high'], test[METRIC]]) for of in (min, max))
    room = 0.08 * ((high - low) or 1)
    # A dummy far off would squeeze the rest into a corner: it is named in the legend instead.
    if low - 4 * room <= baseline[METRIC] <= high + 4 * room:
        axis.axvline(baseline[METRIC], color=INK, linestyle=':', label='dummy')
        low, high = min(low, baseline[METRIC]), max(high, baseline[METRIC])
    else:
        axis.plot(
            [],
            [],
            color=INK,
            linestyle=':',
            label=f'dummy, off the scale at {round(baseline[METRIC], 3) + 0:.3f}',
        )
    (
        axis.set_xlim(low - room, high + room),
        legend_beside(axis),
        axis.set_xlabel(METRIC),
        axis.set_ylabel('folds'),
    )
    keep('interval', 'Scores of the folds, what was expected of the test, and what came', figure)


def draw_importance(importance: list) -> None:
    best = importance[:15]
    figure, axis = plt.subplots(figsize=(6, 0.6 + 0.25 * len(best)))
    bars(
        axis,
        [item['feature'] for item in best],
        [item['mean'] for item in best],
        BLUE,
        xerr=[item['sd'] for item in best],
        ecolor=GREY,
    )
    axis.set_xlabel(f'loss of {IMPORTANCE_METRIC} when the column is shuffled')
    keep('importance', 'What the model uses, measured on the test split', figure)


def draw_confusion(labels: list, truth: pd.Series, found: np.ndarray) -> None:
    matrix = confusion_matrix(truth, found, labels=labels)
    figure, axis = plt.subplots(figsize=(2 + 0.5 * len(labels), 1.6 + 0.45 * len(labels)))
    axis.imshow(matrix, cmap='Blues')
    if len(labels) <= 15:
        for row, column in np.ndindex(matrix.shape):
            axis.text(
                column,
                row,
                matrix[row, column],
                ha='center',
                va='center',
                color='white' if matrix[row, column] > matrix.max() / 2 else INK,
            )
    names = labels_of(labels, 14)
    (
        axis.set_xticks(range(len(labels)), names, rotation=45, ha='right', rotation_mode='anchor'),
        axis.set_yticks(range(len(labels)), names),
    )
    axis.set_xlabel('predicted'), axis.set_ylabel('true')
    keep('confusion', 'Confusion matrix on the test split', figure)


def draw_certainty(truth: pd.Series, chances: np.ndarray) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(7.5, 3), layout='constrained')
    if PROBLEM == 'binary' and truth.nunique() == 2:
        false, true, _ = roc_curve(truth, chances[:, 1], pos_label=model.classes_[1])
        axes[0].plot(false, true, color=BLUE), axes[0].plot([0, 1], [0, 1], color=GREY, linestyle=':')
        (
            axes[0].set_xlabel('false positive rate'),
            axes[0].set_ylabel('true positive rate'),
            axes[0].set_title('ROC'),
        )
    else:
        right = model.classes_[chances.argmax(axis=1)] == truth.to_numpy()
        axes[0].hist(
            [chances.max(axis=1)[right], chances.max(axis=1)[~right]],
            bins=12,
            stacked=True,
            color=[BLUE, ORANGE],
            label=['right', 'wrong'],
        )
        (
            axes[0].legend(frameon=False, loc='upper left'),
            axes[0].set_xlabel('probability of the answer'),
            axes[0].set_ylabel('rows'),
            axes[0].set_title('Certainty'),
        )
    sure = chances.max(axis=1)
    right = model.classes_[chances.argmax(axis=1)] == truth.to_numpy()
    bins = pd.qcut(pd.Series(sure).rank(method='first'), min(6, max(2, len(sure) // 10)), labels=False)
    axes[1].plot(
        pd.Series(sure).groupby(bins).mean(), pd.Series(right).groupby(bins).mean(), 'o-', color=BLUE
    )
    axes[1].plot([0, 1], [0, 1], color=GREY, linestyle=':'), axes[1].set_xlim(sure.min() - 0.05, 1.02)
    (
        axes[1].set_xlabel('stated probability'),
        axes[1].set_ylabel('share right'),
        axes[1].set_title('Calibration'),
    )
    keep('certainty', 'How sure the model is, and how often it is right when it is', figure)


def draw_residuals(truth: pd.Series, found: np.ndarray) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(7.5, 3.2), layout='constrained')
    axes[0].scatter(truth, found, s=8, alpha=0.6, color=BLUE)
    ends = [float(min(truth.min(), found.min())), float(max(truth.max(), found.max()))]
    (
        axes[0].plot(ends, ends, color=GREY, linestyle=':'),
        axes[0].set_xlabel(f'true {shorten(TARGET)}'),
        axes[0].set_ylabel('predicted'),
    )
    (
        axes[1].hist(truth - found, bins=25, color=BLUE),
        axes[1].axvline(0, color=INK, linestyle=':'),
        axes[1].set_xlabel('true − predicted'),
        axes[1].set_ylabel('rows'),
    )
    keep('residuals', 'Predictions and errors on the test split', figure)
