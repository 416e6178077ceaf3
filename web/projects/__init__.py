"""The REST API of projects."""
