"""The team, its roles, and who comes and goes."""
