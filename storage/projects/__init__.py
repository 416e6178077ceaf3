"""Tables of projects, their names and the channels that have one."""
