"""Providers, their locations, what they have shown, and how they were graded and chosen."""

from careshape.providers.models.provider import Location, Provider
from careshape.providers.models.standing import Evidence, Grade, Tender, TenderOutcome

__all__ = ["Evidence", "Grade", "Location", "Provider", "Tender", "TenderOutcome"]
