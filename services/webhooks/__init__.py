"""Operations that other systems ask for, and the webhook endpoints that receive their deliveries."""
