"""Tables of what must leave for Slack, with leases and the rate limits of Slack."""
