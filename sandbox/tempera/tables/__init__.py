"""The one understanding of a table: what stands where in a file, and what its cells mean.

    plan = understand('orders.csv')       # a TablePlan: data, with the evidence for each finding
    frame = read('orders.csv', plan)      # typed; the index is each row's position in the file
    values = parse(plan.column('price'), ['$1,200', None, 950])
    fitted = fit('new.xlsx', plan)        # another file, under the same plan: read('new.xlsx', fitted.plan)

A value depends on its cell and the plan alone, so that a row read by itself means what it means in its file.
"""

from .errors import EmptyTable, TableError, TooLarge, UnreadableTable
from .fitting import Fitted, fit
from .parse import parse
from .plan import ColumnPlan, FilePlan, TablePlan
from .read import read
from .understand import understand

__all__ = [
    'ColumnPlan',
    'EmptyTable',
    'FilePlan',
    'Fitted',
    'TableError',
    'TablePlan',
    'TooLarge',
    'UnreadableTable',
    'fit',
    'parse',
    'read',
    'understand',
]
