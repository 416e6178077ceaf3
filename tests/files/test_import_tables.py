"""Tables that nobody told us about, reports with columns left out, and JSON of other trackers."""

import json
from datetime import UTC, datetime

import pytest

from domain.entries.import_files import ColumnRole, ImportFormat, ImportOptions, ImportQuestion
from domain.errors import Refusal
from tests.files.reports import TOGGL, clockify
from tests.files.test_imports import understood

CLOCKIFY = (
    clockify(("2026-11-16", "09:00", "2026-11-16", "10:30", "01:30:00"))
    .decode("utf-8-sig")
    .replace('"1.00"', '"1.50"')
)


def spans(content: bytes | str, **how: object) -> list[tuple[str, str]]:
    """Starts in UTC and lengths of what was read; nothing was left out."""
    file = understood(content, **how)  # type: ignore[arg-type]
    assert not file.unread, file.unread
    return [(f"{one.start:%Y-%m-%d %H:%M}", str(one.length)) for one in file.lines]


def without(report: str, *names: str) -> str:
    """The report without those columns."""
    rows = [[cell.strip('"') for cell in line.split(",")] for line in report.splitlines()]
    kept = [number for number, name in enumerate(rows[0]) if name not in names]
    return "\n".join(",".join(row[number] for number in kept) for row in rows)


@pytest.mark.parametrize(
    "left_out",
    [
        ("Duration (h)",),
        ("Duration (h)", "Duration (decimal)"),
        ("Tags",),
        ("Description",),
        ("Project", "Client"),
        ("Duration (h)", "Duration (decimal)", "Tags", "Description", "Project", "User", "Email"),
        ("End Date", "End Time"),
    ],
)
def test_a_report_is_read_without_the_columns_that_were_left_out_of_it(left_out: tuple[str, ...]) -> None:
    report = without(CLOCKIFY, *left_out)
    file = understood(report)
    assert spans(report) == [("2026-11-16 08:00", "1:30:00")]
    assert file.format is ImportFormat.CLOCKIFY or {"Duration (h)", "Duration (decimal)"} <= set(left_out)
    assert bool(file.lines[0].note) is ("Description" not in left_out)
    assert bool(file.lines[0].project) is ("Project" not in left_out)


@pytest.mark.parametrize(
    "table",
    [
        "project;date;start;stop\nAPI;2026-11-16;9:00;10:30\n",
        "sep=;\r\nproject;date;start;stop\r\nAPI;2026-11-16;9:00;10:30\r\n",
        '"sep=;"\nproject;date;start;stop\nAPI;2026-11-16;9:00;10:30\n',
        "\n\nproject\tdate\tstart\tstop\nAPI\t16.11.2026\t9:00\t10:30\n",
        "Projekt;Datum;Von;Bis;Dauer\nAPI;16.11.2026;09:00;10:30;1,5\n",
        "Projekt;Beginn;Ende\nAPI;16.11.2026 09:00;16.11.2026 10:30\n",
        "Projekt;Datum;Beginn;Dauer\nAPI;16.11.2026;09:00;1,5\n",
        "Projet;Date;Début;Fin\nAPI;16/11/2026;9h00;10h30\n",
        "Proyecto;Fecha;Inicio;Fin;Duración\nAPI;16/11/2026;9:00;10:30;1:30\n",
        "project,date,from,to,hours\nAPI,2026-11-16,09:00,10:30,1.50\n",
        "project|day|begin|end\nAPI|16 Nov 2026|9:00 AM|10:30 AM\n",
        "project,start,duration\nAPI,2026-11-16 09:00:00,1h 30m\n",
        "project,start,duration (min)\nAPI,2026-11-16T09:00:00+01:00,90\n",
        "project,started_at,ended_at\nAPI,2026-11-16T08:00:00Z,2026-11-16T09:30:00.000Z\n",
        "project,start,end,timezone\nAPI,2026-11-16 03:00,2026-11-16 04:30,America/New_York\n",
    ],
)
def test_a_plain_table_is_known_by_its_start_and_its_end_or_length(table: str) -> None:
    for content in (
        table.encode(),
        table.encode("utf-8-sig"),
        table.encode("utf-16"),
        table.encode("utf-16-le"),
    ):
        assert spans(content) == [("2026-11-16 08:00", "1:30:00")]
    assert understood(table).lines[0].project == "API"


def test_windows_1252_is_read_and_told() -> None:
    table = "Projekt;Beginn;Ende;Notiz\nBüro;16.11.2026 09:00;16.11.2026 10:00;früh – spät\n"
    file = understood(table.encode("cp1252"))
    assert (file.lines[0].project, file.lines[0].note) == ("Büro", "früh – spät")
    assert "read as Windows-1252" in file.notices[-1]


def test_columns_that_we_do_not_know_are_asked_for_and_taken_as_they_were_assigned() -> None:
    table = "was;anfang des termins;schluss des termins\nfix;16.11.2026 09:00;16.11.2026 10:30\n"
    asked = understood(table)
    assert (asked.question, asked.lines) == (ImportQuestion.COLUMNS, ())
    assert asked.columns == ("was", "anfang des termins", "schluss des termins")
    columns = ((ColumnRole.NOTE, 0), (ColumnRole.START, 1), (ColumnRole.END, 2))
    assert spans(table, options=ImportOptions(columns=columns)) == [("2026-11-16 08:00", "1:30:00")]
    # Columns of another file: numbers that this one has not are left aside.
    assert understood("a;b\n1;2\n", options=ImportOptions(columns=columns)).question is ImportQuestion.COLUMNS


def test_a_table_that_only_says_how_long_is_asked_about_and_told_what_is_missing() -> None:
    file = understood("Date,Client,Project,Task,Notes,Hours\n2026-11-16,ACME,Web,Dev,fix,1.5\n")
    assert file.question is ImportQuestion.COLUMNS
    assert "It says how long, but not from when" in file.notices[1]


def test_a_bare_number_is_no_length_unless_the_times_or_the_column_say_of_what() -> None:
    (unread,) = understood("start,duration\n2026-11-16 09:00,90\n").unread
    assert unread.reason == "I can't tell how long “90” is"
    assert spans("start,end,duration\n2026-11-16 09:00,2026-11-16 10:30,90\n") == [
        ("2026-11-16 08:00", "1:30:00")
    ]
    (unread,) = understood("start,end,duration\n2026-11-16 09:00,2026-11-16 10:30,80\n").unread
    assert unread.reason == "its times are not 80 apart, as it says"


def test_an_end_before_the_start_on_the_clock_is_the_next_day_s_and_told() -> None:
    file = understood("date,start,stop\n2026-11-16,22:30,00:15\n2026-11-17,23:00,24:00\n")
    assert [str(one.length) for one in file.lines] == ["1:45:00", "1:00:00"]
    assert file.notices == (
        "1 line (2): an end before the start on the clock: it is taken for the next day's.",
    )


def test_a_row_with_a_cell_too_many_or_too_few_is_reported_and_nothing_is_shifted() -> None:
    head, first, *_ = TOGGL.splitlines()
    file = understood("\n".join([head, f"{first},extra", first.rpartition(",")[0], f"{first},,"]))
    assert [(one.number, one.reason) for one in file.unread] == [
        (2, "it has 15 cells, and the first line 14"),
        (3, "it has 13 cells, and the first line 14"),
    ]
    assert [(one.number, one.tags) for one in file.lines] == [(4, ("client", "in-review"))]


def test_text_of_others_is_kept_to_the_letter_and_a_tag_s_new_form_is_told() -> None:
    head = TOGGL.splitlines()[0]
    row = (
        "Ada Park,ada@example.com,,'API,,'-1 offset  in loop,No,2026-11-16,09:00:00,2026-11-16,10:30:00,01:30:00,"
        '"Deep Work, Ünterwegs, Straße, -x, ok",'
    )
    (line,) = (file := understood(f"{head}\n{row}\n")).lines
    assert (line.note, line.project) == ("'-1 offset  in loop", "'API")
    assert line.tags == ("deep-work", "ünterwegs", "straße", "-x", "ok")
    assert file.notices[1:] == ("There is no place here for these columns, and they are left out: Billable.",)
    assert file.notices[0] == (
        "Tags are written as they can be typed here: “Deep Work” → +deep-work, “Ünterwegs” → +ünterwegs, "
        "“Straße” → +straße."
    )


def test_what_is_too_long_is_cut_and_told_and_its_hours_come_in() -> None:
    rows = [
        f"{'x' * 501},API,2026-11-16 09:00,2026-11-16 17:00,a",
        f"fix,{'p' * 79}qr,2026-11-17 09:00,2026-11-17 17:00,{'t' * 41}",
        f'fix,{"p" * 79}qs,2026-11-18 09:00,2026-11-18 17:00,"{",".join(map(str, range(11)))}"',
    ]
    file = understood("note,project,start,end,tags\n" + "\n".join(rows))
    assert [line.length.total_seconds() / 3600 for line in file.lines] == [8, 8, 8]
    assert file.lines[0].note == "x" * 500
    assert [line.project[-6:] for line in file.lines[1:]] == ["ppppp…", "p… (2)"]  # two projects stay two
    assert [len(line.tags) for line in file.lines] == [1, 1, 10]
    assert file.notices == (
        "1 line (2): a note longer than 500 characters: its hours come in, its end is cut.",
        "2 lines (3, 4): a project's name longer than 80 characters: its end is cut.",
        "2 lines (3, 4): more than 10 tags, or one longer than 40 characters: the rest is cut.",
    )


def test_one_project_name_under_several_clients_is_several_projects() -> None:
    rows = [("Acme", "Website"), ("Beta", "website"), ("", "Website"), ("Acme", "API"), ("acme", "Website")]
    table = "client,project,start,end\n" + "\n".join(
        f"{client},{project},2026-11-16 {hour:02}:00,2026-11-16 {hour:02}:30"
        for hour, (client, project) in enumerate(rows)
    )
    file = understood(table)
    assert [line.project for line in file.lines] == [
        "Website (Acme)", "website (Beta)", "Website", "API", "Website (Acme)",
    ]  # fmt: skip
    assert file.notices[0] == (
        "One project name stands under several clients in this file. They are kept apart: "
        "Website (Acme), website (Beta)."
    )
    assert "left out: client (Acme, Beta, acme)." in file.notices[1]


def test_what_has_no_place_here_is_told_with_examples() -> None:
    file = understood(
        "client,task,room,start,end\nACME,Design,,2026-11-16 09:00,2026-11-16 10:00\n"
        "Beta,Design,4b,2026-11-17 09:00,2026-11-17 10:00\n"
    )
    assert file.notices == (
        "There is no place here for these columns, and they are left out: client (ACME, Beta), task (Design), room.",
    )


def test_hours_that_the_clocks_skip_or_repeat_are_told_by_line_in_the_zone_of_the_row() -> None:
    file = understood(
        "start,end,zone\n"
        "2026-03-29 02:30,2026-03-29 04:00,\n"
        "2026-03-29 02:30,2026-03-29 04:00,America/New_York\n"
        "2026-11-01 01:10,2026-11-01 01:20,America/New_York\n"
        "2026-11-02 09:00,2026-11-02 10:00,Europe\n"
    )
    assert [line.number for line in file.lines] == [3]
    assert [(one.number, one.reason.partition(":")[0][:52]) for one in file.unread] == [
        (2, "2026-03-29 02"),
        (4, "it lies in an hour that the clocks showed twice, and"),
        (5, "“Europe” is no time zone that I know; one is called "),
    ]


TIMEWARRIOR = """[
{"id":2,"start":"20261116T080000Z","end":"20261116T093000Z","tags":["api","Deep Work"],"annotation":"fix login"},
{"id":1,"start":"20261116T100000Z","tags":["api"]}
]"""
WATSON = '[[1794816000, 1794821400, "api", "f1", ["client"], 1794821400]]'
WATSON_LOG = """[
{"id":"f1","project":"api","start":"2026-11-16T09:00:00+01:00","stop":"2026-11-16T10:30:00+01:00","tags":["x"]}
]"""
TOGGL_API = json.dumps(
    [
        {
            "id": 1, "workspace_id": 2, "project_id": 3, "project_name": "API", "client_name": "ACME",
            "description": "fix", "tags": ["x"], "start": "2026-11-16T08:00:00+00:00",
            "stop": "2026-11-16T09:30:00Z", "duration": 5400, "duronly": False, "at": "2026-11-16T10:00:00+00:00",
        },
        {"id": 2, "workspace_id": 2, "start": "2026-11-16T10:00:00Z", "stop": None, "duration": -1763287200},
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "format", "project"),
    [
        (TIMEWARRIOR, ImportFormat.TIMEWARRIOR, ""),
        (WATSON, ImportFormat.WATSON, "api"),
        (WATSON_LOG, ImportFormat.WATSON, "api"),
        (TOGGL_API, ImportFormat.TOGGL_JSON, "API"),
        ('{"data": [{"begin": "2026-11-16 09:00", "end": "2026-11-16 10:30", "project": {"name": "API"}}]}',
         ImportFormat.JSON, "API"),
        ('[{"timeInterval": {"start": "2026-11-16T08:00:00Z", "end": "2026-11-16T09:30:00Z"}, "project": "API"}]',
         ImportFormat.JSON, "API"),
    ],
)  # fmt: skip
def test_json_of_other_trackers_is_read(content: str, format: ImportFormat, project: str) -> None:  # noqa: A002
    file = understood(content)
    assert (file.format, len(file.lines)) == (format, 1)
    line = file.lines[0]
    assert (line.start, line.length.total_seconds()) == (datetime(2026, 11, 16, 8, tzinfo=UTC), 5400)
    assert line.project == project
    assert [one.reason for one in file.unread] in (
        [],
        ["it has no end"],
        ["it was still running when the file was made"],
    )


def test_timewarrior_s_words_come_along_and_toggl_s_numbers_of_projects_are_told() -> None:
    file = understood(TIMEWARRIOR)
    assert (file.lines[0].note, file.lines[0].tags) == ("fix login", ("api", "deep-work"))
    assert "have numbers and no names" in understood(TOGGL_API.replace("project_name", "x")).notices[-1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"name": "x", "size": 3}]', None),
        ("[1, 2, 3]", "no list of entries"),
        ('{"rows": [["a"]]}', "no list of entries"),
        ('[[1, 2, 3, 4, 5], {"a": 1}]', "no list of entries"),
        ("[" * 40 + "]" * 40, "not whole JSON"),
        ('[{"a": ' + "9" * 5_000 + "}]", "not whole JSON"),
        ("[" + ",".join(["{}"] * 20_001) + "]", "more than 20,000 entries"),
        (json.dumps([{f"k{number}": 1 for number in range(201)}]), "201 names"),
        (",".join(["a"] * 10_000) + "\n1\n", "10,000 columns"),
        ("start,end\n" + "2026-11-16 09:00,2026-11-16 10:00\n" * 20_001, "more than 20,000 lines"),
        ('start,end\n"' + "x" * 200_000, "breaks off"),
    ],
)
def test_what_is_no_list_of_entries_is_never_called_ours_and_is_answered_with_what_would_do(
    content: str, said: str | None
) -> None:
    if said is None:
        assert understood(content).question is ImportQuestion.COLUMNS
        return
    with pytest.raises(Refusal, match=said) as refused:
        understood(content)
    assert "Timewarrior, Watson" in refused.value.sentence
    assert "our own JSON … no id" not in refused.value.sentence


def test_a_first_row_that_is_an_entry_names_no_columns_and_is_not_lost() -> None:
    table = "2026-11-16;09:00;10:30;work\n2026-11-17;09:00;10:30;work\n"
    asked = understood(table)
    assert asked.question is ImportQuestion.COLUMNS
    assert asked.columns[:2] == ("Column 1: 2026-11-16", "Column 2: 09:00")
    columns = ((ColumnRole.DATE, 0), (ColumnRole.START, 1), (ColumnRole.END, 2))
    assert spans(table, options=ImportOptions(columns=columns)) == [
        ("2026-11-16 08:00", "1:30:00"),
        ("2026-11-17 08:00", "1:30:00"),
    ]


def test_titles_above_a_table_are_left_aside_and_lines_keep_their_numbers() -> None:
    file = understood("Report of Ada\n\nproject;date;start;stop\nAPI;2026-11-16;9:00;10:30\n")
    assert [(line.number, line.project) for line in file.lines] == [(4, "API")]


def test_first_and_last_names_tell_people_apart_too() -> None:
    report = (
        "Date,Hours,First Name,Last Name,Started At,Ended At\n"
        "2026-11-16,1.5,Ada,Park,9:00am,10:30am\n2026-11-16,1.5,Ben,Ode,9:00am,10:30am\n"
    )
    file = understood(report, names=frozenset({"ada park"}))
    assert ([line.number for line in file.lines], file.others) == ([2], (("Ben Ode", 1),))
    assert understood(report).question is ImportQuestion.PERSON


def test_a_line_has_the_same_fingerprint_in_every_zone_and_order_of_dates() -> None:
    report = clockify(("03/11/2026", "09:00", "03/11/2026", "10:00", "01:00:00"))
    prints = {
        understood(report, zone=zone, day_first=day_first).lines[0].external_id
        for zone in ("Europe/Berlin", "America/New_York")
        for day_first in (True, False)
    }
    assert len(prints) == 1
    assert understood(report.replace(b"Review", b"Other")).lines[0].external_id not in prints


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("a, b", ("a", "b")),
        ('"a,b",c', ("a,b", "c")),
        ('one "two, three', ('one-"two', "three")),
        ("a\nb", ("a", "b")),
        ("#web #x", ("web", "x")),
        ("#1", ("1",)),
        (", ,", ()),
    ],
)
def test_tags_of_others_are_parted_without_losing_any(cell: str, tags: tuple[str, ...]) -> None:
    quoted = cell.replace('"', '""')
    (line,) = understood(f'tags,start,end\n"{quoted}",2026-11-16 09:00,2026-11-16 10:00\n').lines
    assert line.tags == tags


def test_a_list_with_our_names_but_no_ids_of_ours_is_somebody_else_s() -> None:
    other = '[{"id": 7, "start_time": "2026-11-16T08:00:00Z", "end_time": "2026-11-16T09:30:00Z", "description": "x"}]'
    file = understood(other)
    assert (file.format, spans(other)) == (ImportFormat.JSON, [("2026-11-16 08:00", "1:30:00")])
