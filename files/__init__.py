"""Files that people take along and bring: values in, bytes out, and bytes in, values out. Pure: no I/O, no clock.

May import domain, and the libraries that know a format.
"""
