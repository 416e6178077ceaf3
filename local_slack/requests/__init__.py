"""What Slack sends to an app: commands, interactions, events; built, encoded and signed as Slack does."""
