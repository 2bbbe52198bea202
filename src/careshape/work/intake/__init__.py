"""Files that people bring: kept apart, looked at before they are read, and read by a process of bounded means.

No web framework here: the process that reads a file holds neither the database nor the installation's secret.
"""
