"""Providers, their locations, what they have shown, and how they were graded and chosen."""

from careshape.providers.models.capacity import Brought, Newest, Reminder, Return, ReturnLine, Taking
from careshape.providers.models.provider import Location, Provider
from careshape.providers.models.rooms import Room, Stay
from careshape.providers.models.standing import Evidence, Grade, Tender, TenderOutcome

__all__ = [
    "Brought", "Evidence", "Grade", "Location", "Newest", "Provider", "Reminder", "Return", "ReturnLine", "Room",
    "Stay", "Taking", "Tender", "TenderOutcome",
]  # fmt: skip
