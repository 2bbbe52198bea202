"""Places to live, one person each: what is told of them, who has one and when, and what stands empty."""
