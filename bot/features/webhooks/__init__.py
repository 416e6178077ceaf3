"""Webhook endpoints, to which other systems send signed webhooks."""
