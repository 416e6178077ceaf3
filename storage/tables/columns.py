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
    default = func.clock_timestamp() if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def identity() -> Column[object]:
    return Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid())


def workspace(*, checked: bool = False) -> Column[object]:
    """`checked` is for people and projects, which everything else refers to. A check on each entry and act would
    make every transaction of a workspace lock its one row."""
    return Column("workspace_id", Uuid, *([ForeignKey("workspaces.id")] if checked else []), nullable=False)


def of_person(*, name: str = "person_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace_id", name], ["people.workspace_id", "people.id"])
