"""Editions: a statement released for good, after an attacker has failed to recover what it protects.

An edition is pinned to its inputs (the ledger as known by a posting, the text, the observations, the rule), passes the
gate (``careshape.disclosure``), is agreed by a second person, and is then public for ever. ``rebuild`` works it out
anew from the pinned inputs, never from what was stored.
"""
