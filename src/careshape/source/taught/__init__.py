"""What finding care teaches: what was not met, who was asked and why one was chosen, how long it took. All derived."""
