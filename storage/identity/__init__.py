"""Statements about people, accounts, sessions, tokens, links and quotas."""
