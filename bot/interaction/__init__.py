"""Serves one interaction: finds who acts and which row serves it, and sends the answer to Slack."""
