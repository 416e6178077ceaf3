"""TODO bot/commands."""
