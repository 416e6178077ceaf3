"""TODO storage/webhooks."""
