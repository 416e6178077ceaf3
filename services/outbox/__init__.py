"""TODO services/outbox."""
