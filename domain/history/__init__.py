"""Operations and the record of what they changed."""
