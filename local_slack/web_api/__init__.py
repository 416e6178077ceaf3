"""Slack's Web API: one function per method. `methods` is the table of them, `endpoint` serves them."""
