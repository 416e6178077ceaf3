"""TODO storage/entries."""
