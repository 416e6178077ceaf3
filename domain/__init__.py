"""Values and rules of time tracking: pure Python, no I/O, no clock. Imports the standard library only."""
