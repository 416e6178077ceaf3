"""The scheduler's entry point: runs jobs at intervals. The database decides who is due; no state is kept here.

May import services, domain, apscheduler.
"""
