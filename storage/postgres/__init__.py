"""TODO storage/postgres."""
