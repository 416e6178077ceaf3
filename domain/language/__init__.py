"""TODO domain/language."""
