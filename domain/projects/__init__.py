"""Projects and their names."""
