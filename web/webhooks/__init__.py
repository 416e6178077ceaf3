"""Incoming webhooks: their signatures, their events, and the handlers that receive them."""
