"""Operations: how they are declared, and what runs each of them once, in one transaction, within a deadline."""
