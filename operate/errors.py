"""What keeps the service from starting."""


class CanNotStart(Exception):
    """The message is one sentence for the operator."""
