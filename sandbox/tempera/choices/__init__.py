"""What the playbooks choose, as decisions of the ledger: what a person or an earlier stage has decided holds.

Each says on what basis it chose: `agent` where evidence was weighed, `rule` where a rule of fixed form decided,
`default` where nothing spoke for another value. The platform takes that from its own scripts alone.
"""

from .asking import unanswered
from .featuring import chosen_features
from .measuring import decided_metric, decided_problem
from .preparing import Known, chosen_preparation
from .reading import decided_reading
from .training import decided_training

__all__ = [
    'Known',
    'chosen_features',
    'chosen_preparation',
    'decided_metric',
    'decided_problem',
    'decided_reading',
    'decided_training',
    'unanswered',
]
