"""Facts about lists, requests, offers, awards and packages."""

from careshape.source.models.applications import Application, ApplicationPart, ApplicationStep, Approach, Attached
from careshape.source.models.brokerage import Award, Offer, Request
from careshape.source.models.failing import Affected, Failure
from careshape.source.models.judged import Admission, CouncilFact, Decision, Judged, SetAside
from careshape.source.models.money import Payment, PaymentRun, Visit, VisitFile
from careshape.source.models.packages import Handover, Line, Package, Telling
from careshape.source.models.standards import Switch
from careshape.source.models.tenders import Settlement
from careshape.source.models.together import Placing, Proposal
from careshape.source.models.vehicles import Lot, Member, Price, Round, Stood, Vehicle

__all__ = [
    "Admission", "Affected", "Application", "ApplicationPart", "ApplicationStep", "Approach", "Attached", "Award",
    "CouncilFact", "Decision", "Failure", "Handover", "Judged", "Line", "Lot",
    "Member", "Offer", "Package", "Payment", "PaymentRun", "Placing", "Price", "Proposal", "Request", "Round",
    "SetAside", "Settlement", "Stood", "Switch", "Telling", "Vehicle", "Visit", "VisitFile",
]  # fmt: skip
