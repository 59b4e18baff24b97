"""Columns as the numbers that models learn from: fitted on training rows only, named, the same for a row alone."""

from .table_features import TableFeatures, specs_of
from .ways import Way, usual_way, ways_of

__all__ = ['TableFeatures', 'Way', 'specs_of', 'usual_way', 'ways_of']
