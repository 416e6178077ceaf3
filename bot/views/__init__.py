"""Messages: values in, {"text", "blocks"} out. Pure functions; people's text is escaped here and nowhere else."""
