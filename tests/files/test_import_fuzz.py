"""Whatever a file holds, it is entries, a question or a sentence; and how long that takes grows with its size alone."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import strategies as st

from domain.entries.import_files import ColumnRole, ImportFile, ImportOptions
from domain.errors import Refusal
from files.exports import write_export
from tests.files.conftest import ORDINARY, SPACE, export
from tests.files.reports import TOGGL, clockify
from tests.files.test_import_tables import TIMEWARRIOR, TOGGL_API, WATSON
from tests.files.test_imports import ADA, understood
from tests.growth import assert_grows_no_faster, assert_takes_at_most
from tests.properties import try_examples

OWN = write_export(export(ORDINARY), SPACE).content
GENUINE = [
    TOGGL.encode(),
    clockify(("03/11/2026", "09:00 AM", "03/11/2026", "10:00 AM", "01:00:00")),
    OWN,
    b"date;start;stop;duration;zone;user\n2026-11-16;9:00;24:00;1,5;Europe;Ada\n",
    TIMEWARRIOR.encode(),
    WATSON.encode(),
    TOGGL_API.encode(),
]
PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b"\0", b'"', b'""', b"\r", b"\n", b";", b",", b"'", b"=", b"[", b"{", b"}", b"\\", b"\xff", b"\xff\xfe",
            b"Europe", b"99999999999", b"-1", b"1e999", b"0000-00-00", b"24:00", b"2026-02-30", b"9999-12-31 23:59",
            b"0001-01-01 00:00", b"\\ud800", "\u2028\u0663".encode(), b"null", b"true", b"a" * 200,
        ]
    ),
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A genuine file of which pieces were replaced, and others put in."""
    content = draw(st.sampled_from(GENUINE))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(PIECES) + content[at + draw(st.integers(0, 12)) :]
    return content


def checked(file: ImportFile) -> None:
    for line in file.lines:
        assert line.start < line.end
        assert line.start.tzinfo is not None
        assert line.start.year >= 1970
        assert len(line.note) <= 500
        assert len(line.project) <= 80
        assert all(0 < len(tag) <= 40 for tag in line.tags)
        assert len(line.tags) <= 10
        assert "\0" not in f"{line.note}{line.project}{line.tags}"


@try_examples(40, 2_000, st.one_of(mutated(), st.binary(max_size=200)))
def test_mutated_files_are_entries_a_question_or_a_sentence(content: bytes) -> None:
    columns = ((ColumnRole.START, 0), (ColumnRole.END, 1), (ColumnRole.NOTE, 3), (ColumnRole.TAGS, 2))
    for options in (ImportOptions(), ImportOptions(columns=columns, person="x", day_first=False)):
        with suppress(Refusal):
            checked(understood(content, names=ADA, options=options))


@try_examples(
    8,
    300,
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                name: st.recursive(
                    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
                              st.sampled_from(["2026-11-16T09:00:00Z", "20261116T080000Z", "2026-11-16", "9:00"])),
                    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner)),
                    max_leaves=4,
                )
                for name in ("id", "start", "stop", "end", "project", "tags", "duration", "description", "workspace_id")
            },
        ),
        max_size=4,
    )
)  # fmt: skip
def test_json_of_any_shape_is_entries_a_question_or_a_sentence(entries: list[object]) -> None:
    with suppress(Refusal):
        checked(understood(json.dumps(entries)))


MIB = 1024 * 1024
WORST: dict[str, Callable[[int], bytes]] = {
    "quotes": lambda size: b'start,end\n"' + b'""' * (size // 2),
    "lone quotes": lambda size: b"start,end\n" + b'a"b"c,' * (size // 6),
    "apostrophes": lambda size: b"start,end,note\n" + b"'," * (size // 2),
    "separators": lambda size: b"," * size,
    "one long cell": lambda size: b"start,end\n2026-11-16 09:00," + b"1" * size,
    "tabs and signs": lambda size: OWN + b"\t'=" * (size // 3),
    "guarded note": lambda size: OWN.replace(b"fix login", b"'\t" * min(size // 2, 60_000)),
    "open string": lambda size: b'["' + b'\\"' * (size // 2),
    "brackets": lambda size: b"[" * size,
    "braces": lambda size: b'{"a":' * (size // 5),
    "numbers": lambda size: b'[{"a":' + b"1" * size,
    "line ends": lambda size: b"start,end\n" + b"\n" * size,
    "short rows": lambda size: b"start,end\n" + b"a\n" * (size // 2),
    "many names": lambda size: b"[" + b",".join(b'{"k%d":1}' % n for n in range(size // 12)) + b"]",
    "same long titles": lambda size: (
        b"project,start,end\n"
        + b"".join(
            b"%s%d,2026-11-16 09:00,2026-11-16 10:00\n" % (b"p" * 90, n)
            for n in range(min(size // 130, 2_900))
        )
    ),
    "tags": lambda size: (
        b"tags,start,end\n" + b'"' + b"a," * min(size // 2, 60_000) + b'",2026-11-16 09:00,2026-11-16 10:00\n'
    ),
    "zeros": lambda size: b"\0" * size,
    "spaces": lambda size: b"start,end\n" + b" " * size,
}


@pytest.mark.parametrize("kind", sorted(WORST))
def test_the_worst_files_are_read_in_a_time_that_grows_with_their_size(kind: str) -> None:
    def read(content: bytes) -> None:
        with suppress(Refusal):
            understood(content)

    # Eight times the size: a square would take sixty-four times as long. Both are far below what anybody waits.
    assert_grows_no_faster(read, WORST[kind], MIB // 64, times=8, most=30)
    assert_takes_at_most(1.0, read, WORST[kind](MIB // 8))
