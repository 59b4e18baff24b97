"""What is to be predicted: which columns it may be, and what predicting one of them means."""

from .meaning import understand_target
from .ranking import rank_targets

__all__ = ['rank_targets', 'understand_target']
