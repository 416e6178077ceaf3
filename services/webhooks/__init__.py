"""TODO services/webhooks."""
