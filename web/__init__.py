"""The HTTP entry point: Slack's requests, webhooks, the REST API and health checks. It translates and decides nothing.

May import services, domain, aiohttp and pydantic.
"""
