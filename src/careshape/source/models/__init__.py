"""Facts about lists, requests, offers, awards and packages."""

from careshape.source.models.brokerage import Award, Offer, Request, SetAside
from careshape.source.models.packages import Handover, Line, Package
from careshape.source.models.vehicles import Member, Vehicle

__all__ = ["Award", "Handover", "Line", "Member", "Offer", "Package", "Request", "SetAside", "Vehicle"]
