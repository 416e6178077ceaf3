"""TODO domain/entries."""
