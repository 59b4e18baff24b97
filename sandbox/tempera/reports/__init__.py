"""Reports and findings of a stage: sentences made of facts, figures of one style.

gallery = Gallery(Path('eda'))
with gallery.figure('target', 'Rows of each species', (6, 2)) as figure:
    gallery.bars(figure.subplots(), names, counts, BLUE)
report = Report('What is in birds.csv', gallery)
report.section('In short')
report.say(say('rows.repeated', '{repeated} of the rows repeat an earlier one.', repeated=Share(3, 120)))
report.show('target')
report.write(Path('eda'))
"""

from .export import export_csv
from .facts import Because, Count, Name, Names, Number, Percent, Score, Share, Words
from .findings import rounded, tell
from .report import Report
from .sentences import Sentence, say

__all__ = [
    'Because',
    'Count',
    'Name',
    'Names',
    'Number',
    'Percent',
    'Report',
    'Score',
    'Sentence',
    'Share',
    'Words',
    'export_csv',
    'rounded',
    'say',
    'tell',
]
