"""Nouns and rules: pure Python, no I/O, no clock. Imports the standard library only."""
