"""TODO web/entries."""
