"""Answering one interaction: its context, its form, and the ways an answer gets to Slack."""
