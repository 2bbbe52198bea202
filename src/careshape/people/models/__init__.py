"""People whom a council supports, and what is kept of them."""

from careshape.people.models.kept import Carer, Choice, Conversation, Correction, Need, Noted, Outcome
from careshape.people.models.person import Assessment, Person

__all__ = [
    "Assessment", "Carer", "Choice", "Conversation", "Correction", "Need", "Noted", "Outcome", "Person",
]  # fmt: skip
