"""TODO storage/projects."""
