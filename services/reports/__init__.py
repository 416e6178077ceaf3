"""TODO services/reports."""
