"""Entries: edit and delete them, undo changes, and resolve overlaps."""
