"""TODO storage/reports."""
