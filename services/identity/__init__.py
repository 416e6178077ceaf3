"""TODO services/identity."""
