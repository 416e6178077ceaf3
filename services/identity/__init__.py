"""Operations on people, roles, settings, accounts, sessions, tokens and links."""
