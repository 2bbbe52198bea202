"""demo: synthetic councils whose line items give published figures back.

No real person, provider or home is in them: people, providers and settings are invented, and every file says so.

>>> from careshape.demo import generate_council
>>> files = generate_council("worcestershire", folder)
>>> files.packages, files.deliveries, files.cld, files.truth
"""

from careshape.demo.generate import COUNCILS, Files, generate, generate_council

__all__ = ["COUNCILS", "Files", "generate", "generate_council"]
