"""Operations on projects, and finding the project that somebody named."""
