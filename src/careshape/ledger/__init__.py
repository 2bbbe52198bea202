"""What care was arranged and delivered: line items read, checked, kept append-only, and looked back at."""

from careshape.ledger.ledger import Ledger
from careshape.ledger.posting import Posting

__all__ = ["Ledger", "Posting"]
