"""Starting, stopping and logging time."""
