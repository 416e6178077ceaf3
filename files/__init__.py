"""Formats of files: writes exports and reads imports. Pure functions between values and bytes; no I/O, no clock.

May import domain, and the libraries for each format.
"""
