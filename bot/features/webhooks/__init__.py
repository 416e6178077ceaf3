"""Endpoints that take signed webhooks."""
