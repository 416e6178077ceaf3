"""The HTTP entry point: Slack's requests, webhooks, the REST API and health checks. It translates; services decide.

May import services, domain, aiohttp and pydantic.
"""
