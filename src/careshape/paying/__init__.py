"""What a council owes for a package of care, whatever happened to it: exact, to the penny, by what was known when.

Plain Python over what was told. A room that arranges care keeps the tellings and the payments; this one keeps nothing.
"""

from careshape.paying.entitlement import Entitlement, Entry, day_by_day, entitlement
from careshape.paying.history import History, tell, told
from careshape.paying.owed import Payment, due, owed
from careshape.paying.periods import Span, period_of
from careshape.paying.terms import Book, Reason, Retainer, Terms, book
from careshape.paying.told import (
    FUNDERS,
    Absence,
    Change,
    Death,
    Ending,
    Funding,
    HandBack,
    Line,
    Rate,
    Telling,
    Uplift,
    Withdrawal,
)
from careshape.paying.visits import Settled, Visit, VisitEntry, minutes_paid, visits_owed

__all__ = [
    "FUNDERS",
    "Absence",
    "Book",
    "Change",
    "Death",
    "Ending",
    "Entitlement",
    "Entry",
    "Funding",
    "HandBack",
    "History",
    "Line",
    "Payment",
    "Rate",
    "Reason",
    "Retainer",
    "Settled",
    "Span",
    "Telling",
    "Terms",
    "Uplift",
    "Visit",
    "VisitEntry",
    "Withdrawal",
    "book",
    "day_by_day",
    "due",
    "entitlement",
    "minutes_paid",
    "owed",
    "period_of",
    "tell",
    "told",
    "visits_owed",
]
