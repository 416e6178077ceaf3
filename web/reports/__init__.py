"""The REST API of reports and tags."""
