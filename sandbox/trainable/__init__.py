"""The same as `tempera`, under its other name."""

from tempera import configure_dashboard, decide, log, log_confusion_matrix, log_image, log_table, paths

__all__ = ['configure_dashboard', 'decide', 'log', 'log_confusion_matrix', 'log_image', 'log_table', 'paths']
