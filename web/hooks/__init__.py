"""Webhooks in: signatures over raw bytes first, then one pure parser per sender."""
