"""TODO web/webhooks."""
