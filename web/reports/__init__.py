"""TODO web/reports."""
