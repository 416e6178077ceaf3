"""REST: timer and time entries."""
