"""The exploration's report: `Explored` is what it knows, the others draw and say it."""

from ..kinds import KIND_WORDS
from .explored import Explored
from .figures import draw_columns
from .report import exploration_report
from .target_figures import draw_target_figures

__all__ = ['KIND_WORDS', 'Explored', 'draw_columns', 'draw_target_figures', 'exploration_report']
