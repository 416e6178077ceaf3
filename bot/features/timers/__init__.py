"""Timers: start and stop them, and log time."""
