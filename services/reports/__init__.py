"""Reports, digests, reminders, weekly summaries and timesheets."""
