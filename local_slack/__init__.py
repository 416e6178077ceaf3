"""A Slack workspace on this machine: its Web API, its signed requests, and a page to act in it.

Used by `make run` while no Slack token is set, and by the tests as the Slack they talk to. Bound to loopback.
Imports the standard library and aiohttp only: it knows Slack, not us.
"""
