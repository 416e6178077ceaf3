"""Messages: values in, {"text", "blocks"} out. Pure; people's text is escaped here and nowhere else."""
