"""Access from outside of Slack: API tokens and linked accounts."""
