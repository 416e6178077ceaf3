"""Alembic's revisions. What has landed never changes; a mistake is mended by the next revision."""
