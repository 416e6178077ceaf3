"""TODO storage/identity."""
