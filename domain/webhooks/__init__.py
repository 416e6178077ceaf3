"""Events from other systems, and the endpoints that receive them."""
