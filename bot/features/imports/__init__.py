"""Files that are dropped into the direct messages."""
