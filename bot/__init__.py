"""What people do and see in Slack: payloads become wishes, and what the services return becomes messages.

It translates and decides nothing. It may import services, domain, slack_bolt and slack_sdk.
"""
