"""REST: projects."""
