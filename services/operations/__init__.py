"""Declares operations, and runs each of them once, in one transaction, within a deadline."""
