"""The database: its tables, the statements that read and write them, connections and migrations. All SQL lives here.

Functions take a transaction and return frozen values of the domain or of their own; rows never leave this package.
They are called through their module: `people.find_by_id(tx, …)`.
May import domain, sqlalchemy, asyncpg, and pydantic for the values that are stored as JSON.
"""
