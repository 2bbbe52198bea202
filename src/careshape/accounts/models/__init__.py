"""Facts about councils, organisations and the people who sign in."""

from careshape.accounts.models.account import Account
from careshape.accounts.models.council import Council, Organisation, OrganisationLocation, Team
from careshape.accounts.models.factors import OneTimeCodes, Passkey, RecoveryCode
from careshape.accounts.models.membership import Invitation, Membership
from careshape.accounts.models.message import Message
from careshape.accounts.models.provider import Identity, IdentityProvider
from careshape.accounts.models.session import FailedTry, Session

__all__ = [
    "Account",
    "Council",
    "FailedTry",
    "Identity",
    "IdentityProvider",
    "Invitation",
    "Membership",
    "Message",
    "OneTimeCodes",
    "Organisation",
    "OrganisationLocation",
    "Passkey",
    "RecoveryCode",
    "Session",
    "Team",
]
