"""TODO web/projects."""
