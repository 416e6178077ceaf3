"""People, accounts and credentials."""
