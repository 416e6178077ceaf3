"""The entry point of the clock: runs jobs at intervals. Who is due comes from the database; no state is kept here.

May import services, domain, apscheduler.
"""
