"""The database itself: connections, transactions, the embedded server, migrations and roles."""
