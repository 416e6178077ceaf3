"""Settings that each person chooses."""
