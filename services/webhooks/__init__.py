"""Operations that other systems ask for, and the endpoints through which they do."""
