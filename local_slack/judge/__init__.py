"""The judge: finds what Slack would refuse in blocks and views, as far as Slack's reference says."""
