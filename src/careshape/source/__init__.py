"""Find care: the lists that a council buys from, requests and offers, packages, and their way into the records."""
