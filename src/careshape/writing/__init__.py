"""How what a council decides and writes is changed: in versions, each written by one person and agreed by another.

It knows nothing of what is in a file but what the file's kind says (``careshape.writing.kinds``).
"""
