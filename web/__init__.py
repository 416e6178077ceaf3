"""HTTP's door: Slack's requests, webhooks, the API, health. It translates and decides nothing.

May import tracking, domain, aiohttp, pydantic.
"""
