"""What programs may read of unmet need, of how care is found, and of who was asked."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from careshape.audit.change import reading
from careshape.work.api.acts import doing
from careshape.work.api.learning_shapes import FairnessOut, FoundCareOut, QuotedOut, UnmetOut
from careshape.work.api.shapes import Page, Paging
from careshape.work.api.told import told_page
from careshape.work.care.quote_views import quotes_of
from careshape.work.care.taught_views import fairness_of, finding_of, unmet_of

TAUGHT, FAIR = (f"source.{one}" for one in ("taught", "fairness"))
router = Router(tags=["Learning"])


@router.get("/unmet-need", response=Page[UnmetOut], **doing(TAUGHT))
@reading
def unmet_need(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Every refusal, delay, award outside the district or above the list, and care that was not found."""
    return told_page(request, TAUGHT, "unmet", unmet_of(request).rows, paging)


@router.get("/finding", response=Page[FoundCareOut], **doing(TAUGHT))
@reading
def finding(request: HttpRequest, paging: Query[Paging]) -> Any:
    """How well care is found, by service."""
    return told_page(request, TAUGHT, "finding", finding_of(request).rows, paging)


@router.get("/quotes", response=Page[QuotedOut], **doing(TAUGHT))
@reading
def quotes(request: HttpRequest, paging: Query[Paging]) -> Any:
    """What providers quote by quarter and service, beside what was paid before and the prices of the lists."""
    return told_page(request, TAUGHT, "quotes", quotes_of(request).rows, paging)


@router.get("/fairness", response=Page[FairnessOut], **doing(FAIR))
@reading
def fairness(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Who was asked, when, what they said, where they stood, and why one was chosen; of a provider its own lines."""
    return told_page(request, FAIR, "fairness", fairness_of(request).rows, paging)
