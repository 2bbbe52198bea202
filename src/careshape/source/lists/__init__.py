"""The lists by which a council buys: their kinds and courses, who is on them, and what is paid on them."""
