"""What was done: an append-only log, one hash chain a council, written in the transaction of what it tells of."""
