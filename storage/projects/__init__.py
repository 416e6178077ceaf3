"""Statements about projects, their names and the channels that have a project."""
