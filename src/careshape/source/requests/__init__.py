"""A request for care: who is asked, what they answer, how the answers rank, and to whom it is awarded."""
