"""The requests that Slack sends to an app: commands, interactions, events. They are built, encoded and signed as in
Slack."""
