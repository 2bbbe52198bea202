"""Facts about councils, organisations and the people who sign in."""

from careshape.accounts.models.account import Account
from careshape.accounts.models.council import Council, Organisation, OrganisationLocation, Team
from careshape.accounts.models.membership import Invitation, Membership

__all__ = ["Account", "Council", "Invitation", "Membership", "Organisation", "OrganisationLocation", "Team"]
