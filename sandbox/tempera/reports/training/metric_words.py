"""What each metric says, in words that stand after its name."""

from __future__ import annotations

from collections.abc import Mapping

METRIC_WORDS: Mapping[str, str] = {
    'accuracy': 'the share of rows named rightly; 1 is perfect',
    'balanced_accuracy': 'the recall of each class, averaged over the classes; 1 is perfect, guessing has 1 over '
    'the number of classes',
    'f1_macro': 'F1, the balance of precision and recall, averaged over the classes; 1 is perfect',
    'roc_auc': 'the area under the ROC curve: how often a row of a class is ranked above one that is not; 1 is '
    'perfect, 0.5 is chance',
    'log_loss': 'how surprised the stated probabilities are by the truth; 0 is perfect, less is better',
    'r2': 'R², the share of the target’s variance that is explained; 1 is perfect, 0 is no better than the mean',
    'rmse': 'the root of the mean squared error, in the target’s unit; less is better',
    'mae': 'the mean absolute error, in the target’s unit; less is better',
}
