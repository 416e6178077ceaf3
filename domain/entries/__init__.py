"""Timers and time entries: their values, overlaps, suggestions, forgotten timers, imports and exports."""
