"""A year of finding care for each demonstration council, made by the acts of the product; everybody in it is synthetic.

It stands above ``source``, whose acts it uses, and apart from ``demo``, which needs no web framework and makes the
files of care records. ``write_year`` is called once the database is made. Nothing of it reaches the records: those
of the demonstration end in the years of which the councils published figures, and a line of today would move their end.
"""
