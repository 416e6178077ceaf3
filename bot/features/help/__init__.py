"""Help: list the commands and suggest one for a typing error."""
