"""The REST API of accounts, sessions, people and tokens."""
