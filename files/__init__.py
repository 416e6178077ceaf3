"""Formats of files: exports are written, imports are read. Pure: values in, bytes out or the reverse; no I/O, no clock.

May import domain, and the libraries that know a format.
"""
