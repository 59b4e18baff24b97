def association_of(first: pd.Series, second: pd.Series) -> float:
    """Cramér's V: 0 where two categories know nothing of each other, 1 where each tells the other."""
    counts = pd.crosstab(
        first.fillna('(missing)').astype(str), second.fillna('(missing)').astype(str)
    ).to_numpy()
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / counts.sum()
    least = min(counts.shape) - 1
    return (
        float(np.sqrt(((counts - expected) ** 2 / expected).sum() / (counts.sum() * least))) if least else 0.0
    )


def draw_association(names: list) -> None:
    if len(names) < 2:
        return
    matrix = np.array([[association_of(table[first], table[second]) for second in names] for first in names])
    figure, axis = plt.subplots(figsize=(1.8 + 0.45 * len(names), 1.4 + 0.45 * len(names)))
    image = axis.imshow(matrix, cmap='Blues', vmin=0, vmax=1)
    for row, column in np.ndindex(matrix.shape):
        axis.text(
            column,
            row,
            f'{matrix[row, column]:.2f}',
            ha='center',
            va='center',
            fontsize=6,
            color='white' if matrix[row, column] > 0.5 else INK,
        )
    labels = labels_of(names, 20)
    (
        axis.set_xticks(range(len(names)), labels, rotation=90, fontsize=7),
        axis.set_yticks(range(len(names)), labels, fontsize=7),
    )
    figure.colorbar(image, shrink=0.7)
    keep(
        'association',
        'How much the category columns'
        + (' and the target' if CLASSES else '')
        + ' know of each other (Cramér’s V, 0 nothing to 1 all)',
        figure,
    )
