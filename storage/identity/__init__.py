"""Tables of people, accounts, sessions, tokens, links and quotas."""
