"""TODO domain/projects."""
