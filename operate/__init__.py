"""What operators do with the service, and what its process needs before it serves: a database, a Slack, keys, logs.

One module per verb of the command line. It may import everything but app.py, and only app.py imports it.
"""
