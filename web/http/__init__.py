"""TODO web/http."""
