"""The statement: text with live figures, tables, charts and their downloads, as served pages and as a static export.

The text of a council's statement stands in ``content/<authority>`` or in the council's own folder. Every number in it
is an expression that is computed from the ledger or quoted from a cited observation; see
``docs/reference/statement-text.md``.
"""
