"""Operations, the history that they write, and the state that every operation reads first."""
