"""Facts about lists, requests, offers, awards and packages."""

from careshape.source.models.brokerage import Award, Offer, Request
from careshape.source.models.judged import Admission, CouncilFact, Decision, Judged, SetAside
from careshape.source.models.packages import Handover, Line, Package, Telling
from careshape.source.models.vehicles import Lot, Member, Price, Round, Stood, Vehicle

__all__ = [
    "Admission", "Award", "CouncilFact", "Decision", "Handover", "Judged", "Line", "Lot", "Member", "Offer",
    "Package", "Price", "Request", "Round", "SetAside", "Stood", "Telling", "Vehicle",
]  # fmt: skip
