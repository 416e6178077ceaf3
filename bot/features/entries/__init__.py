"""Changing what is recorded: editing, deleting, undoing, making room."""
