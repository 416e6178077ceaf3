"""Whether this workspace takes tables and charts: Slack rolls new blocks out workspace by workspace."""


class Drawing:
    """One for the notifier and the answers alike: what one of them was refused, the other need not try."""

    def __init__(self) -> None:
        self.plain = False

    def refused(self) -> None:
        self.plain = True
