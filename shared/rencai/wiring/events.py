"""Which shape each event carries: what the capabilities declare, in one mapping. Tests hold the
stack's rules and what is told against it. No function validates with it, so it is no function's import.
"""

from typing import Final

from rencai.career.rules import events as career
from rencai.employees.rules import events as employees
from rencai.hiring.rules import events as hiring
from rencai.inbox import events as inbox
from rencai.interviews.rules import events as interviews
from rencai.kernel.events import Shapes
from rencai.letters import events as letters
from rencai.migration.rules import events as migration
from rencai.people.rules import events as people
from rencai.pressure.rules import events as pressure
from rencai.reading.rules import events as reading
from rencai.training.rules import events as training
from rencai.vendors import events as vendors

DATA_MODELS: Final[Shapes] = {
    **career.SHAPES,
    **employees.SHAPES,
    **hiring.SHAPES,
    **inbox.SHAPES,
    **interviews.SHAPES,
    **letters.SHAPES,
    **migration.SHAPES,
    **people.SHAPES,
    **pressure.SHAPES,
    **reading.SHAPES,
    **training.SHAPES,
    **vendors.SHAPES,
}
