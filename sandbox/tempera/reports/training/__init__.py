"""The report of training: what it says and draws of a model that has been judged."""

from .errors import beware
from .figures import draw_judged
from .report import training_report

__all__ = ['beware', 'draw_judged', 'training_report']
