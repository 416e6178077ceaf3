"""The verbs for operators, and everything that the process needs before it serves: database, Slack, keys, logs.

Each verb of the command line has a module. This package may import everything but app.py, and only app.py imports it.
"""
