"""What can be typed after /track: the table of commands, their parsers, and what each answers."""
