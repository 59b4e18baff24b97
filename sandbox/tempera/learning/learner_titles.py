"""What people call the learners, also where none of them is loaded."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    'dummy': 'dummy',
    'linear': 'regularised linear model',
    'log_linear': 'linear model of the logarithm',
    'kernel': 'support vector machine',
    'forest': 'random forest',
    'extra_trees': 'extremely randomised trees',
    'boosting': 'gradient boosting',
    'blend': 'blend of linear model, trees and boosting',
    'network': 'neural network',
}
