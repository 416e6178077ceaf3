"""Events from other systems, and the endpoints that take them."""
