"""How market position statements travel between councils: an open form, its rules, and what reads and checks a file.

Nothing here knows of careshape's own records, so that a council without it can fill the form and check it.
"""
