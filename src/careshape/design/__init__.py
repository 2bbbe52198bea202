"""design: what a council decided, as records, and what follows from it.

Intentions with their progress, the review of the last statement, the end-states it works towards, and whom it asked.
"""

from careshape.design.decided import Decided, check_file, check_together, decided, sheets
from careshape.design.files import EndState, Event, Message, Reviewed, View
from careshape.design.may_build import VERDICTS, Answer, Lacking, Question, covers_area, may_build
from careshape.design.progress import STATES, Progress, Standing, progress

__all__ = [
    "STATES",
    "VERDICTS",
    "Answer",
    "Decided",
    "EndState",
    "Event",
    "Lacking",
    "Message",
    "Progress",
    "Question",
    "Reviewed",
    "Standing",
    "View",
    "check_file",
    "check_together",
    "covers_area",
    "decided",
    "may_build",
    "progress",
    "sheets",
]
