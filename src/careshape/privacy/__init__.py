"""What is held about people: every field classified, how long it is kept, and how it is shown, erased and let go."""
