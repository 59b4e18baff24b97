# Shares of rows that a split may be away from what was asked for, when rows of equal features must stay together.
SPLIT_TOLERANCE = 0.05
# Fewer different combinations of features than these say too little about new ones to be judged on.
FEWEST_COMBINATIONS = 10


def strata_of(answer: pd.Series) -> pd.Series:
    """What to keep balanced: the class, or the quintile of a number."""
    if CLASSES:
        return answer.astype(str)
    return pd.Series(pd.qcut(answer.rank(method="first"), min(5, max(1, len(answer) // 10)), labels=False), index=answer.index)


def random_split(units: pd.Series, answer: pd.Series, shares: dict) -> pd.Series:
    """Assigns units to splits, stratum by stratum (that of a unit's first row), until a split has its share of the rows."""
    first = ~units.duplicated()
    strata, place, sizes = strata_of(answer)[first], {}, units.value_counts()
    generator = np.random.default_rng(PARAMETERS["seed"])
    for stratum in sorted(strata.unique()):
        members = units[first][strata == stratum].to_numpy()
        members = members[generator.permutation(len(members))]
        start, rows = 0, int(sizes[members].sum())
        for name, share in shares.items():
            wanted, taken = round(share * rows), 0
            # a unit that would lead further past the share than it is away from it ends the split's turn
            while start < len(members) and wanted - taken >= max(1, sizes[members[start]] / 2):
                place[members[start]] = name
                taken, start = taken + int(sizes[members[start]]), start + 1
    for name in shares:
        if name not in place.values():
            free = [unit for unit in units[first] if unit not in place]
            place |= {free[0]: name} if free else {}
    return units.map(place).fillna("train")


def is_sensible(place: pd.Series, units: pd.Series, answer: pd.Series, shares: dict) -> bool:
    """True when each split has about its share of the rows, every class that can be in all of them, and enough
    different units to stand for rows to come."""
    strata, names = answer.astype(str), [*shares, "train"]
    common = [label for label, count in strata.value_counts().items() if count >= 2 * len(names)] if CLASSES else []
    for name, share in shares.items():
        inside = place == name
        rows = int(inside.sum())
        if abs(rows / len(place) - share) > max(SPLIT_TOLERANCE, 1 / len(place)) or units[inside].nunique() < min(FEWEST_COMBINATIONS, rows / 2):
            return False
    return all((place[strata == label] == name).any() for label in common for name in names)


def split_apart(units: pd.Series, answer: pd.Series, shares: dict) -> tuple:
    """Splits, and whether rows of equal features could be kept on one side: null when no two are equal.

    A table with few different rows cannot be split by them: whole combinations would then be judged that nothing like
    them was learned from, on sides far from their shares. Such a table is split row by row instead.
    """
    place = random_split(units, answer, shares)
    if not units.duplicated().any():
        return place, None
    if is_sensible(place, units, answer, shares):
        return place, True
    return random_split(pd.Series(range(len(units)), index=units.index), answer, shares), False
