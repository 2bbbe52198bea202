"""What a council decided, as its pages show it: progress, review, goals, engagement, what is wanted."""
