"""What lets people in from outside of Slack: tokens and links."""
