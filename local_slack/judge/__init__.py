"""The judge: says what Slack would refuse in blocks and views, as far as its reference tells."""
