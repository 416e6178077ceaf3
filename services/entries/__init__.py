"""TODO services/entries."""
