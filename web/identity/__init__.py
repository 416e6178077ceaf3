"""REST: accounts, sessions, people, tokens."""
