"""The requests of a week placed together: gathered, placed with a proof, proposed, and accepted whole or in part."""
