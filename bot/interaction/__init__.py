"""Answering one interaction: who asks, what its row does, and the ways an answer gets to Slack."""
