"""An edition for reuse: the figures and words that the gate let through, in the open form, as a Data Package."""
