"""The team, its roles, and changes of its members in Slack."""
