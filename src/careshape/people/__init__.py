"""People whom a council supports: who they are, no more than is needed, and what was looked at for them."""
