"""Operations, the history they leave, and what every operation reads first."""
