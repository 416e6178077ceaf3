"""Rows: tables and queries, and the database itself. All SQL lives here.

Functions take a transaction and give domain values; a row never leaves this room.
May import domain, sqlalchemy, asyncpg, and pydantic for the values it keeps as JSON.
"""
