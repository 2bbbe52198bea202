"""Readers: what changed since the last edition, following it by mail or feed, and comments that get an answer.

Everything here is told from editions that are released: from what they print, never from the ledger. A figure that was
kept back is said to be, and no change of it is a change of size.
"""
