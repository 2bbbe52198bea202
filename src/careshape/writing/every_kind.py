"""Every kind of file that is changed in the browser, by the modules that register them."""

from careshape.writing import decisions, others, texts

__all__ = ["decisions", "others", "texts"]
