"""Projects, a channel's own, and questions about one that was named."""
