"""TODO domain/reports."""
