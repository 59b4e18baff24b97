def class_weight() -> str | None:
    """Classes weigh alike in the fit where the metric counts them alike: rare ones would else never be named."""
    return 'balanced' if METRIC in ('balanced_accuracy', 'f1_macro') else None


def boosting(classes: bool, rows: int, seed: int):
    """Gradient boosting that is gentle on small tables; one thread and a fixed seed, so that it repeats exactly."""
    settings = {
        'n_estimators': 120 if rows < 2000 else 300,
        'learning_rate': 0.06,
        'num_leaves': 8 if rows < 1000 else 31,
        'min_child_samples': 5 if rows < 200 else 15,
        'subsample': 0.8,
        'subsample_freq': 1,
        'colsample_bytree': 0.8,
        'reg_lambda': 1.0,
        'random_state': seed,
        'n_jobs': 1,
        'deterministic': True,
        'force_row_wise': True,
        'verbosity': -1,
    }
    return LGBMClassifier(**settings, class_weight=class_weight()) if classes else LGBMRegressor(**settings)


def forest(kind, rows: int, seed: int):
    """A bagged forest; leaves grow with the table so that time stays bounded."""
    own = (
        {'max_features': 'sqrt', 'class_weight': class_weight()}
        if kind in (RandomForestClassifier, ExtraTreesClassifier)
        else {'max_features': 0.5}
    )
    return kind(
        n_estimators=150 if rows < 5000 else 100,
        min_samples_leaf=max(1, rows // 5000) + (rows > 300),
        random_state=seed,
        n_jobs=1,
        **own,
    )


def estimator(name: str, classes: bool, rows: int, seed: int):
    """One candidate by name, unfitted, without its preprocessing."""
    if name == 'dummy':
        return DummyClassifier(strategy='prior') if classes else DummyRegressor()
    if name == 'linear':
        return (
            LogisticRegression(C=0.5, max_iter=2000, class_weight=class_weight())
            if classes
            else RidgeCV(alphas=np.logspace(-2, 3, 11))
        )
    if name == 'log_linear' and not classes:
        return TransformedTargetRegressor(
            RidgeCV(alphas=np.logspace(-2, 3, 11)), func=np.log1p, inverse_func=np.expm1
        )
    if name == 'kernel':
        machine = (
            SVC(C=2.0, gamma='scale', random_state=seed, class_weight=class_weight())
            if classes
            else SVR(C=8.0, gamma='scale', epsilon=0.1)
        )
        if classes:
            return CalibratedClassifierCV(machine, ensemble=False, cv=3)
        return TransformedTargetRegressor(machine, transformer=StandardScaler())
    if name == 'forest':
        return forest(RandomForestClassifier if classes else RandomForestRegressor, rows, seed)
    if name == 'extra_trees':
        return forest(ExtraTreesClassifier if classes else ExtraTreesRegressor, rows, seed)
    if name == 'boosting':
        return boosting(classes, rows, seed)
    if name == 'blend':
        members = [(member, estimator(member, classes, rows, seed)) for member in BLEND]
        return VotingClassifier(members, voting='soft') if classes else VotingRegressor(members)
    raise ValueError(f'there is no candidate called {name!r}')


BLEND = ['linear', 'extra_trees', 'boosting']
TITLES = {
    'dummy': 'dummy',
    'linear': 'regularised linear model',
    'log_linear': 'linear model of the logarithm',
    'kernel': 'support vector machine',
    'forest': 'random forest',
    'extra_trees': 'extremely randomised trees',
    'boosting': 'gradient boosting',
    'blend': 'blend of linear model, trees and boosting',
}
WITH_ARTICLE = {
    'dummy': 'a dummy',
    'linear': 'a regularised linear model',
    'log_linear': 'a linear model of the logarithm',
    'kernel': 'a support vector machine',
    'forest': 'a random forest',
    'blend': 'a blend of linear model, trees and boosting',
}
SIMPLEST_FIRST = ['linear', 'log_linear', 'kernel', 'extra_trees', 'forest', 'boosting', 'blend']


def without_columns(preparation, left_out: list):
    """The preprocessing, unfitted, as if these columns had never been prepared."""
    if not left_out:
        return preparation
    return Pipeline(
        [('columns', preparation.named_steps['columns'].without(left_out)), ('scale', StandardScaler())]
    )


def model_of(name: str, preparation, classes: bool, rows: int, seed: int) -> Pipeline:
    """Preprocessing and model in one, so that every fold fits both."""
    return Pipeline([('prepare', clone(preparation)), ('model', estimator(name, classes, rows, seed))])


def scores_of(model, features, truth: pd.Series, problem: str, only: str | None = None) -> dict:
    """Every metric of the contract that can be computed here; `only` this one where it is named, for it is asked for often."""
    if problem == 'regression':
        found = model.predict(features)
        ways = {
            'r2': lambda: r2_score(truth, found),
            'rmse': lambda: np.sqrt(mean_squared_error(truth, found)),
            'mae': lambda: mean_absolute_error(truth, found),
        }
    else:
        chances, labels = model.predict_proba(features), model.classes_
        found = labels[chances.argmax(axis=1)]
        ways = {
            'accuracy': lambda: accuracy_score(truth, found),
            'balanced_accuracy': lambda: balanced_accuracy_score(truth, found),
            'f1_macro': lambda: f1_score(truth, found, average='macro', zero_division=0),
            'log_loss': lambda: (
                log_loss(truth, chances, labels=labels) if truth.isin(labels).all() else float('nan')
            ),
        }
        if problem == 'binary' and truth.nunique() == 2:
            ways['roc_auc'] = lambda: roc_auc_score(truth, chances[:, 1])
        elif problem == 'multiclass' and truth.nunique() == len(labels):
            ways['roc_auc'] = lambda: roc_auc_score(truth, chances, multi_class='ovr')
    return {name: float(score()) for name, score in ways.items() if only in (None, name)}


class GroupedFolds:
    """Repeated cross-validation that keeps rows of equal features in one fold, as the splits do."""

    def __init__(self, groups, classes: bool, folds: int, repeats: int, seed: int):
        self.groups, self.classes, self.folds, self.repeats, self.seed = groups, classes, folds, repeats, seed

    def get_n_splits(self) -> int:
        return self.folds * self.repeats

    def split(self, features, answer):
        kind = StratifiedGroupKFold if self.classes else GroupKFold
        for repeat in range(self.repeats):
            yield from kind(n_splits=self.folds, shuffle=True, random_state=self.seed + repeat).split(
                features, answer, self.groups
            )


def groups_of(table: pd.DataFrame, metadata: dict):
    """One number for each group that the split keeps together, or for each combination of features where rows of equal
    features were kept apart and are many; else null."""
    group = metadata['split'].get('group')
    if group and metadata['split']['strategy'] in ('group', 'time_and_group'):
        source = planned_table(metadata['split'].get('test_file'))
        return group_keys(source.frame.loc[table[metadata['source_row_column']], group])
    groups = pd.util.hash_pandas_object(table[metadata['feature_columns']].map(str), index=False).to_numpy()
    many = len(np.unique(groups)) < 0.95 * len(groups)
    return groups if many and metadata['split'].get('equal_rows') == 'apart' else None


def moments_of(table: pd.DataFrame, metadata: dict):
    """When each row was seen, where the split goes forward in time; else null."""
    if metadata['split']['strategy'] not in ('time', 'time_and_group'):
        return None
    source = planned_table(metadata['split'].get('test_file'))
    rows = source.frame.loc[table[metadata['source_row_column']]]
    by = tuple(metadata['split']['by'].split(', '))
    found = moment_of(source.plan, rows, metadata['target_column'], by)
    return None if found is None else found.fillna(found.min()).to_numpy()


class ForwardFolds:
    """What comes later is judged by what came before; rows of one moment are never on both sides."""

    def __init__(self, moments, folds: int):
        self.cut = forward_folds(moments, folds)

    def get_n_splits(self) -> int:
        return len(self.cut)

    def split(self, features, answer):
        yield from self.cut


def folds_of(
    answer: pd.Series,
    problem: str,
    by_time: bool,
    folds: int,
    repeats: int,
    seed: int,
    groups=None,
    moments=None,
):
    """How to cut train + val: forwards in time, by groups of equal rows, stratified by class, or at random."""
    if moments is not None:
        return ForwardFolds(moments, folds)
    if by_time:
        return TimeSeriesSplit(n_splits=folds)
    if groups is not None:
        return GroupedFolds(groups, problem != 'regression', folds, repeats, seed)
    if problem == 'regression':
        return RepeatedKFold(n_splits=folds, n_repeats=repeats, random_state=seed)
    enough = int(np.clip(answer.value_counts().max(), 2, folds))
    return RepeatedStratifiedKFold(n_splits=enough, n_repeats=repeats, random_state=seed)


def cross_validate_live(
    names: dict, preparation, table: pd.DataFrame, columns: list, target: str, cut, seed: int
) -> tuple:
    """Scores of `names` (candidate to the name it is logged under) in every fold, logged as they come.

    The preprocessing is fitted once a fold, on the fold's training rows, and shared by the candidates. Gives scores
    and seconds by candidate, the folds' sizes, and the candidates that failed with their errors.
    """
    scores, seconds, failed, sizes = {name: [] for name in names}, dict.fromkeys(names, 0.0), {}, []
    features, answer = table[columns], table[target]
    for place, (learn, judge) in enumerate(cut.split(features, answer)):
        known, asked = answer.iloc[learn], answer.iloc[judge]
        fitted = clone(preparation)
        known_matrix, asked_matrix = (
            fitted.fit_transform(features.iloc[learn], known),
            fitted.transform(features.iloc[judge]),
        )
        sizes.append((len(learn), len(judge)))
        for name in [name for name in names if name not in failed]:
            began = time.perf_counter()
            try:
                model = estimator(name, CLASSES, len(table), seed).fit(known_matrix, known)
                value = scores_of(model, asked_matrix, asked, PROBLEM, METRIC).get(METRIC, float('nan'))
            except (ValueError, MemoryError, np.linalg.LinAlgError) as problem:
                failed[name] = f'{type(problem).__name__}: {str(problem)[:200]}'
                continue
            seconds[name] += time.perf_counter() - began
            if np.isfinite(value):
                scores[name].append(value)
                log(
                    place + 1,
                    {f'cv_{METRIC}': value, f'cv_{METRIC}_mean': float(np.mean(scores[name]))},
                    run=names[name],
                )
    return {name: np.array(values) for name, values in scores.items()}, seconds, sizes, failed
