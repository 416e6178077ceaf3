"""A Slack workspace on this machine: its Web API, its signed requests, and a web page for trying the app.

`make run` uses it while no Slack token is set, and the tests use it as their Slack. It listens on loopback only. It
imports the standard library and aiohttp only, and knows nothing about our app.
"""
