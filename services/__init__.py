"""Verbs: what can be asked for. One public method is one transaction; public methods never call each other.

May import domain and storage.
"""
