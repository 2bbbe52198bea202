"""What the records mean: measures, comparison with what was published, and the consistency of published figures."""
