"""Slack's Web API: one function per method, found in the table of `methods`, served by `endpoint`."""
