"""Columns that tables share, and the names of their constraints."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Uuid,
    func,
)

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)


def instant(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    """Make the column of an instant. With `now`, the default is the database's clock."""
    default = func.clock_timestamp() if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def identity() -> Column[object]:
    """Make the column of a random id."""
    return Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid())


def workspace(*, checked: bool = False) -> Column[object]:
    """Make the column of the workspace.

    Only tables that others refer to, such as people and projects, are `checked` by a foreign key. With a foreign
    key on entries and operations, every transaction of a workspace would lock the workspace's row.
    """
    return Column("workspace_id", Uuid, *([ForeignKey("workspaces.id")] if checked else []), nullable=False)


def of_person(*, name: str = "person_id") -> ForeignKeyConstraint:
    """Make the foreign key to a person of the same workspace."""
    return ForeignKeyConstraint(["workspace_id", name], ["people.workspace_id", "people.id"])
