"""Reports of days, periods and teams, digests, reminders, weekly summaries and timesheets."""
