"""How much care is free: what providers return each week, what was promised since, and who has not sent."""
