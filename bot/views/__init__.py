"""Pure functions that render values as messages, {"text", "blocks"}. Only this package escapes people's text."""
