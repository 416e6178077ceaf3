"""The clock's door: ticks. Who is due comes from the database; nothing is remembered here.

May import tracking, domain, apscheduler.
"""
