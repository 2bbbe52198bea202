"""What others may do with released statements: the open form, a keyless API, councils side by side, evidence packs."""
