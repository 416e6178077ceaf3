"""The error that keeps the service from starting."""


class CanNotStart(Exception):
    """The service can not start. The message is one sentence for the operator."""
