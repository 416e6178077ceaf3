"""What must leave for Slack: messages, and messages that are rewritten when what they show changes."""
