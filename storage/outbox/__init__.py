"""Messages to Slack, live messages, leases of both, and Slack's rate limits."""
