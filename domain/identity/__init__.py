"""TODO domain/identity."""
