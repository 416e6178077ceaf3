"""TODO services/projects."""
