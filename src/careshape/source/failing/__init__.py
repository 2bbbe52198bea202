"""A provider that fails: whom it leaves, what could replace it, and placing everybody anew."""
