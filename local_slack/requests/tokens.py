"""Slack's deprecated verification token, which every payload still carries."""

VERIFICATION_TOKEN = "local-slack-verification-token"  # noqa: S105 - never a secret here
