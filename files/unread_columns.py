"""Lists the columns of a file that the import leaves out, for the preview."""

from collections.abc import Mapping, Sequence

from domain.entries.import_files import ColumnRole
from files.adjustments import format_list
from files.columns import fold_column_name, length_unit

_LEFT_OUT = (ColumnRole.CLIENT, ColumnRole.TASK)
# The tracker's own ids, and columns that repeat the time in another form.
_TECHNICAL = {
    "id",
    "ids",
    "at",
    "uid",
    "wid",
    "pid",
    "tid",
    "gid",
    "key",
    "mt",
    "type",
    "updated at",
    "created at",
    "deleted",
    "deleted at",
    "is deleted",
    "server deleted at",
}
_BREAKS = {
    "break",
    "breaks",
    "break time",
    "break duration",
    "pause",
    "pausen",
    "pausenzeit",
    "pausa",
    "descanso",
}
_NO_BREAK = {"", "0", "0:00", "00:00", "0:00:00", "00:00:00", "0.00", "0,00", "0.0", "0,0", "-"}
_PROJECT_NUMBERS = {"project id", "pid"}


def describe_unread_columns(
    columns: Sequence[str], rows: Sequence[Sequence[str]], roles: Mapping[ColumnRole, int]
) -> list[str]:
    """Describe in sentences the columns that have contents but are not read."""
    named = {number: role for role, number in roles.items()}
    said = []
    for number, column in enumerate(columns):
        role = named.get(number)
        if (role is not None and role not in _LEFT_OUT) or (role is None and _is_technical(column)):
            continue
        values = list(dict.fromkeys(row[number].strip() for row in rows if row[number].strip()))
        if values:
            examples = f" ({format_list(values, 3)})" if role in _LEFT_OUT else ""
            said.append(f"{' '.join(column.split())[:40] or 'a column without a name'}{examples}")
    sentences = (
        [f"There is no place here for these columns, and they are left out: {format_list(said, 12)}."]
        if said
        else []
    )
    for number, column in enumerate(columns):
        if number not in named and fold_column_name(column) in _BREAKS:
            count = sum(1 for row in rows if row[number].strip() not in _NO_BREAK)
            if count:
                sentences.append(
                    f"{column.strip()[:40]}: {count:,} {'line has one' if count == 1 else 'lines have one'}, and it is "
                    "not taken off, since the file does not say when it was. The whole time from start to end comes in."
                )
    if ColumnRole.PROJECT not in roles and any(
        fold_column_name(column) in _PROJECT_NUMBERS and any(row[number].strip() for row in rows)
        for number, column in enumerate(columns)
    ):
        sentences.append("Its projects have numbers and no names, so the entries come in without a project.")
    return sentences


def _is_technical(column: str) -> bool:
    name = fold_column_name(column)
    return (
        name in _TECHNICAL
        or name.endswith((" id", " ids"))
        or ("duration" in name and bool(length_unit(column)))
    )
