"""TODO web/identity."""
