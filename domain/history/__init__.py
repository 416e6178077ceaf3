"""TODO domain/history."""
