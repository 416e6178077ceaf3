"""Operations on projects, and finding the project that a name means."""
