"""Recognizes the roles of an import's columns by their names, as trackers write them in four languages."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from domain.entries.import_files import ColumnRole, ImportFormat

# By role, the likeliest name first, because a file may have two matching columns, such as two durations.
_NAMES: dict[ColumnRole, str] = {
    ColumnRole.START: (
        "start time, start datetime, start date time, start, started at, started time, started, start at,"
        "begin time, begin, begins, begin at, from, time in, clock in, in, time interval start, t1,"
        "startzeit, start uhrzeit, beginn, anfang, anfangszeit, von, kommen, startzeitpunkt,"
        "heure de debut, heure debut, debut, de,"
        "hora de inicio, hora inicio, inicio, desde, comienzo"
    ),
    ColumnRole.END: (
        "end time, stop time, end datetime, end date time, end, ends, stop, stopped at, ended at, ended time, end at,"
        "finish, finished, to, until, time out, clock out, out, time interval end, t2,"
        "endzeit, ende, bis, gehen, ende uhrzeit, endzeitpunkt,"
        "heure de fin, heure fin, fin, a, jusqu a,"
        "hora de fin, hora fin, hora final, hasta, final"
    ),
    ColumnRole.DATE: (
        "start date, date, day, begin date, spent date, work date, datum, startdatum, tag, date de debut, date debut,"
        "jour, fecha, fecha de inicio, fecha inicio, dia"
    ),
    ColumnRole.END_DATE: "end date, stop date, enddatum, date de fin, date fin, fecha de fin, fecha fin, fecha final",
    ColumnRole.DURATION: (
        "duration, duration h, duration hh mm, duration hh mm ss, time h, dauer, dauer h, duree, duree h, duracion,"
        "duracion h, length, elapsed, hours, hrs, stunden, heures, horas, duration decimal, time decimal, "
        "dauer dezimal, decimal hours, hours decimal, minutes, minuten, minutos, duration minutes, duration min,"
        "dauer min, seconds, sekunden, duration seconds, duration s, time interval duration"
    ),
    ColumnRole.PROJECT: "project, project name, projekt, projektname, projet, proyecto, nombre del proyecto",
    ColumnRole.NOTE: (
        "description, note, notes, annotation, comment, comments, summary, details, title, ds, what,"
        "beschreibung, notiz, notizen, bemerkung, bemerkungen, kommentar, text,"
        "descriptif, remarque, commentaire, descripcion, nota, notas, comentario"
    ),
    ColumnRole.TAGS: "tags, tag names, labels, label, schlagworte, etiketten, stichworte, etiquettes, etiquetas",
    ColumnRole.CLIENT: "client, client name, customer, kunde, kundin, kunden, cliente",
    ColumnRole.TASK: "task, task name, activity, aufgabe, tatigkeit, aktivitat, tache, activite, tarea, actividad",
    ColumnRole.USER: (
        "user, full name, member, team member, person, employee, employee name, worker, staff, user name, username,"
        "author, worklog author, owner, resource, consultant, assignee, name, benutzer, benutzername, nutzer,"
        "mitarbeiter, mitarbeiterin, mitarbeitende, bearbeiter, utilisateur, employe, collaborateur, salarie,"
        "usuario, empleado, persona"
    ),
    ColumnRole.EMAIL: "email, e mail, user email, email address, mail, e mail adresse, correo, correo electronico",
    ColumnRole.ZONE: "zone, time zone, timezone, tz, zeitzone, fuseau horaire, zona horaria",
}
_RANKS: dict[ColumnRole, dict[str, int]] = {
    role: {name.strip(): rank for rank, name in enumerate(names.split(","))} for role, names in _NAMES.items()
}
_CLOCKIFY = {"duration h", "duration decimal", "group"}


def recognize_columns(columns: Sequence[str]) -> dict[ColumnRole, int]:
    """Find the column of each role. Columns are numbered from 0."""
    names = [fold_column_name(name) for name in columns]
    found: dict[ColumnRole, int] = {}
    for role, ranks in _RANKS.items():
        fitting = [(ranks[name], number) for number, name in enumerate(names) if name in ranks]
        if fitting:
            found[role] = min(fitting)[1]
    # "Tag" means day in German and label in English; beside a column of dates it can only be the label.
    tag = next((number for number, name in enumerate(names) if name == "tag"), None)
    if tag is not None and found.get(ColumnRole.DATE) != tag:
        found.setdefault(ColumnRole.TAGS, tag)
    return found


def find_name_columns(columns: Sequence[str]) -> tuple[int, int] | None:
    """Find the columns of first and last names, in a report that has two columns for a name."""
    names = [fold_column_name(name) for name in columns]
    for first, last in _FIRST_AND_LAST:
        if first in names and last in names:
            return names.index(first), names.index(last)
    return None


_FIRST_AND_LAST = (
    ("first name", "last name"),
    ("vorname", "nachname"),
    ("prenom", "nom"),
    ("nombre", "apellidos"),
)


def has_entry_columns(roles: Mapping[ColumnRole, int]) -> bool:
    """Return whether the columns are enough to read entries: a start, and an end or a length."""
    return ColumnRole.START in roles and (ColumnRole.END in roles or ColumnRole.DURATION in roles)


def recognize_format(columns: Sequence[str]) -> ImportFormat:
    """Recognize the tracker that made the report, by names of columns that only this tracker has."""
    names = {fold_column_name(name) for name in columns}
    if {"start date", "start time"} <= names:
        if names & _CLOCKIFY:
            return ImportFormat.CLOCKIFY
        if names & {"user", "description"}:
            return ImportFormat.TOGGL
    return ImportFormat.TABLE


def length_unit(column: str) -> str:
    """Return the unit of the lengths in a column, by its name: "h", "min" or "s"; "" if the name does not say."""
    words = set(fold_column_name(column).split())
    for unit, names in _UNITS.items():
        if words & names:
            return unit
    return ""


_UNITS = {
    "h": {"h", "hour", "hours", "hrs", "decimal", "dezimal", "stunden", "heures", "horas"},
    "min": {"min", "mins", "minutes", "minuten", "minutos"},
    "s": {"s", "sec", "secs", "seconds", "sekunden", "secondes", "segundos"},
}


def fold_column_name(name: str) -> str:
    """Remove accents, signs and letter case from a column's name: "Start_Date" gives "start date"."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:100]))
    letters = "".join(one for one in plain.casefold() if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())
