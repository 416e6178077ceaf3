"""The way of a command to its rule is short, and docs/architecture.md shows it as it is."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.replica import Replica

DISPATCH = "bot/bolt_app.py", "dispatch"  # gets the verified payload
RULE = "services/entries/timers.py", "start_timer"
# The runner carries the rule out in a task of its own, so that a deadline can end the wait for it.
RUNNER = "services/operations/runner.py", "run"
MOST_FRAMES, MOST_FILES = 8, 5


async def test_a_start_reaches_its_rule_in_few_frames_and_files(timed: Replica, root: Path) -> None:
    with record_paths(root, RUNNER, RULE) as paths:
        await timed.type_command("start api fix login")
    to_runner = paths[RUNNER][paths[RUNNER].index(DISPATCH) :]
    frames = [*to_runner, *(frame for frame in paths[RULE] if frame not in to_runner)]
    assert len(frames) <= MOST_FRAMES, frames
    assert len({file for file, _ in frames}) <= MOST_FILES, frames
    page = (root / "docs/architecture.md").read_text()
    assert re.findall(r"^\d\. `(?:\w+\.)?(\w+)` in `([\w/.]+)`", page, re.MULTILINE) == [
        (name, file) for file, name in frames
    ]


@contextmanager
def record_paths(
    root: Path, *functions: tuple[str, str]
) -> Iterator[dict[tuple[str, str], list[tuple[str, str]]]]:
    """Note, at the first call of each function, the frames of this project that lead to it."""
    paths: dict[tuple[str, str], list[tuple[str, str]]] = {}
    names = {name for _, name in functions}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name in names:
            path = [*list_own_frames(root, frame)][::-1]
            if path and path[-1] in functions:
                paths.setdefault(path[-1], path)

    sys.setprofile(note)
    try:
        yield paths
    finally:
        sys.setprofile(None)


def list_own_frames(root: Path, frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """File and function, from the frame outwards."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(root) and path.relative_to(root).parts[0] not in {".venv", "tests"}:
            yield str(path.relative_to(root)), frame.f_code.co_name
        frame = frame.f_back
