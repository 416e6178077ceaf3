"""The REST API of the timer and of time entries."""
