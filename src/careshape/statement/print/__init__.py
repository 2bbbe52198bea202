"""The statement for print: a tagged PDF of the whole or of one subject, and the same in large print."""
