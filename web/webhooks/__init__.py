"""Webhooks from other systems: signatures, events, and the route that takes them."""
