"""Imports: files that people drop into the direct messages."""
