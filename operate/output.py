"""What the program says to the operator on standard output; everything else it says is in the log."""


def print_line(line: str) -> None:
    """Print the line at once, also when standard output is a pipe."""
    print(line, flush=True)
