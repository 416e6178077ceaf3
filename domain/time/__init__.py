"""TODO domain/time."""
