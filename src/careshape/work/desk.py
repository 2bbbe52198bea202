"""Whose desk it is: the principal of a request, and the council in which they work, in one state for the request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import Http404, HttpRequest

from careshape.accounts.models import Account, Organisation
from careshape.accounts.models import Council as CouncilRow
from careshape.ledger.posting import Posting
from careshape.policy import Principal, policy
from careshape.policy.views import in_reach
from careshape.statement.council import Council, open_council
from careshape.statement.pages import FAULTS, log


@dataclass(frozen=True)
class Desk:
    """A principal at work."""

    principal: Principal

    def may(self, act: str) -> bool:
        """Whether they may do an act."""
        return policy().permits(self.principal, act)

    @property
    def reads_statement(self) -> bool:
        """Whether they may read the statement of the council in which they work: an open one, or that of their own."""
        return self.may("statement.read") and in_reach(self.principal, "statement.read", self.principal.council)

    @cached_property
    def account(self) -> Account:
        """The account of who works here."""
        return Account.objects.get(pk=self.principal.account)

    @cached_property
    def row(self) -> CouncilRow:
        """The council in which they work."""
        return CouncilRow.objects.get(slug=self.principal.council)

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation for which they answer, if it is one of another organisation."""
        return Organisation.objects.reached(self.principal, "work.organisation").first()

    @cached_property
    def council(self) -> Council | None:
        """The council's records, text and figures; None where the data folder holds none, or they cannot be read."""
        try:
            return open_council(settings.CARESHAPE_DIR, self.principal.council)
        except FAULTS as error:
            log.error("The council %s cannot be read: %s", self.principal.council, error)
            return None

    @property
    def records(self) -> Council:
        """The council's records. Raises Http404 where there are none that can be read."""
        if self.council is None:
            raise Http404("The data folder holds no records of this council.")
        return self.council

    @property
    def postings(self) -> list[Posting]:
        """The postings of the council's ledger, oldest first."""
        return self.council.postings if self.council else []


def desk_of(request: HttpRequest) -> Desk:
    """The desk of who makes a request, the same for the whole request."""
    found = getattr(request, "desk", None)
    if found is None:
        principal: Principal = request.principal
        found = Desk(principal)
        request.desk = found
    made: Desk = found
    return made
