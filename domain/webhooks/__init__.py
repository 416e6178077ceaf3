"""TODO domain/webhooks."""
