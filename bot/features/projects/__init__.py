"""Projects, the project of a channel, and the answers to questions about a project."""
