"""Statements about webhook endpoints and their deliveries."""
