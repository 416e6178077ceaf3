"""Tables of webhook endpoints and deliveries."""
