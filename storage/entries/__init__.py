"""Statements about time entries, suggestions, imports and forgotten timers."""
