"""TODO bot/interaction."""
