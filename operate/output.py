"""Prints lines for the operator to standard output. All other output is in the log."""


def print_line(line: str) -> None:
    """Print the line, and flush it, so that it appears at once in a pipe too."""
    print(line, flush=True)
