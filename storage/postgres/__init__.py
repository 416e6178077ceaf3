"""The database itself: connections, the embedded server, migrations and roles."""
