"""The Slack bot: it turns Slack's payloads into operations of the services, and their results into messages.

It holds no business rule. It may import services, domain, slack_bolt and slack_sdk.
"""
