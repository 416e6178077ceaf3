"""Timers and time entries, their overlaps, suggestions, forgotten timers, imports and exports."""
