"""Who may best give what is needed: one request ranked and explained, a week of requests placed together, with a proof.

The ranking warns and explains, and the batch proposes; neither awards. Plain Python over plain facts: what a provider
may be offered at all is for the rules of the list that the council buys by, and is passed in as reasons.
"""

from careshape.matching.check import Checked, check
from careshape.matching.criteria import Criteria, criteria
from careshape.matching.place import Placed, place
from careshape.matching.rank import Candidate, Line, Ranking, Request, Term, rank, would_be_first_at
from careshape.matching.week import Week, first_come, week_of

__all__ = [
    "Candidate",
    "Checked",
    "Criteria",
    "Line",
    "Placed",
    "Ranking",
    "Request",
    "Term",
    "Week",
    "check",
    "criteria",
    "first_come",
    "place",
    "rank",
    "week_of",
    "would_be_first_at",
]
