"""Slack's door: payloads become intents, values become messages. It translates and decides nothing.

May import tracking, domain, slack_bolt, slack_sdk.
"""
