"""TODO storage/history."""
