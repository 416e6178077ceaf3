"""Rounds lengths to whole minutes that add up to the displayed total.

Lengths are exact to the microsecond, and a total is rounded down. Parts that are rounded separately would not add
up to it, so they share the difference. Every part becomes one of the two whole minutes around it; a total below a
minute is split into seconds.

One list is rounded by largest remainders. A table, of projects and days for instance, is rounded so that both its
rows and its columns add up: see L. H. Cox, "A constructive procedure for unbiased controlled rounding", Journal of
the American Statistical Association 82 (1987).
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_INSTANT = timedelta(microseconds=1)
_ROW, _COLUMN, _MARGIN = 0, 1, -1
_Node = tuple[int, int]  # _ROW or _COLUMN, and its number; _MARGIN is the number of the sums
Row = TypeVar("Row", bound=Hashable)


def unit_of(total: timedelta) -> timedelta:
    """Return the unit for the parts of that total: a minute, or a second if the total is below one minute."""
    return MINUTE if total >= MINUTE else SECOND


def round_down(length: timedelta) -> timedelta:
    """Round a length down as totals are: to whole minutes, or to seconds below one minute."""
    unit = unit_of(length)
    return length // unit * unit


def share_out(
    parts: Sequence[timedelta], *, total: timedelta | None = None, unit: timedelta | None = None
) -> list[timedelta]:
    """Round `parts` so that they add up to `total`, by default their sum rounded down.

    The largest remainders are rounded up; of equal remainders, the first. A given `total` must be one of the two
    whole units around the sum.
    """
    unit = unit or unit_of(sum(parts, timedelta()))
    step = unit // _INSTANT
    exact = [part // _INSTANT for part in parts]
    target = sum(exact) // step if total is None else total // unit
    return [number * unit for number in _apportion(exact, target, step)]


def share_out_hundredths(parts: Sequence[timedelta], unit: timedelta) -> list[float]:
    """Round `parts` to hundredths of `unit` for a chart, so that they add up to their sum in whole hundredths."""
    return [one / unit for one in share_out(parts, unit=unit / 100)]


def percentages(parts: Sequence[timedelta]) -> list[int]:
    """Return percentages of the sum of `parts` as whole numbers that add up to 100; zeros if the sum is zero."""
    exact = [part // _INSTANT for part in parts]
    total = sum(exact)
    return _apportion([100 * one for one in exact], 100, total) if total else [0] * len(exact)


def share_out_table(cells: Mapping[tuple[Row, date], timedelta]) -> dict[tuple[Row, date], timedelta]:
    """Round a table of lengths, by row and day, so that both rows and days add up.

    The cells add up to their sum rounded down; each cell, row and day becomes one of the two whole units around it.
    The last day that is not empty is rounded separately, as in a report of that day alone, so that today shows the
    same figures everywhere; therefore a row may be off by one unit more. The order of `cells` does not matter.
    """
    filled = {place: length // _INSTANT for place, length in cells.items() if length}
    if not filled:
        return dict(cells)
    unit = unit_of(sum(cells.values(), timedelta()))
    step = unit // _INSTANT
    target, last = sum(filled.values()) // step, max(day for _, day in filled)
    alone = sorted(
        (place for place in filled if place[1] == last), key=lambda place: (-filled[place], str(place[0]))
    )
    lengths = [filled.pop(place) for place in alone]
    rounded = dict(zip(alone, _apportion(lengths, sum(lengths) // step, step), strict=True))
    rounded |= _round_table(filled, target - sum(rounded.values()), step)
    return {place: rounded.get(place, 0) * unit for place in cells}


def _apportion(exact: Sequence[int], target: int, step: int) -> list[int]:
    """Distribute `target` whole steps by largest remainders."""
    numbers = [one // step for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: -(exact[index] % step))
    for index in by_remainder[: max(target - sum(numbers), 0)]:
        numbers[index] += 1
    return numbers


def _round_table(
    filled: Mapping[tuple[Row, date], int], target: int, step: int
) -> dict[tuple[Row, date], int]:
    """Round the cells of a table to whole steps. `target` is one of the two whole numbers of steps around their
    sum."""
    sums: dict[Row, int] = {}
    for (row, _), length in filled.items():
        sums[row] = sums.get(row, 0) + length
    rows = {row: number for number, row in enumerate(sorted(sums, key=lambda row: (-sums[row], str(row))))}
    days = {day: number for number, day in enumerate(sorted({day for _, day in filled}))}
    places = sorted(filled, key=lambda place: (rows[place[0]], days[place[1]]))
    if len(rows) == 1 or len(days) == 1:
        numbers = _apportion([filled[place] for place in places], target, step)
        return dict(zip(places, numbers, strict=True))
    rest = {(rows[place[0]], days[place[1]]): filled[place] % step for place in places}
    raised = _Fractions(rest, step).settled(up=target > sum(filled.values()) // step)
    return {place: filled[place] // step + ((rows[place[0]], days[place[1]]) in raised) for place in places}


class _Fractions:
    """The fractions of a step that each cell has, with margins that make every row and column sum whole.

    While any cell is a true fraction, there is a cycle of such cells that alternates between rows and columns.
    Raising every second cell and lowering the others by the same amount keeps all sums, and makes at least one cell
    whole.
    """

    def __init__(self, cells: Mapping[tuple[int, int], int], step: int) -> None:
        self._step = step
        self._values: dict[tuple[int, int], int] = {}
        margins: dict[tuple[int, int], int] = {}
        for (row, column), value in cells.items():
            self._values[row, column] = value
            for margin in ((row, _MARGIN), (_MARGIN, column)):
                margins[margin] = (margins.get(margin, 0) - value) % step
        margins[_MARGIN, _MARGIN] = sum(cells.values()) % step
        self._values |= margins
        self._beside: dict[_Node, dict[_Node, None]] = {}
        for (row, column), value in self._values.items():
            if value:
                self._beside.setdefault((_ROW, row), {})[_COLUMN, column] = None
                self._beside.setdefault((_COLUMN, column), {})[_ROW, row] = None

    def settled(self, *, up: bool) -> set[tuple[int, int]]:
        """Return the cells that are rounded up. With `up`, the sum of all cells is rounded up too."""
        path: list[_Node] = []
        at: dict[_Node, int] = {}
        for start in list(self._beside):
            while self._beside[start]:
                if not path:
                    path, at = [start], {start: 0}
                behind = path[-2] if len(path) > 1 else None
                following = next(node for node in self._beside[path[-1]] if node != behind)
                if following not in at:
                    at[following] = len(path)
                    path.append(following)
                    continue
                self._shift(path[at[following] :], up=up)
                for node in path[at[following] + 1 :]:
                    del at[node]
                del path[at[following] + 1 :]
            path, at = [], {}
        return {
            place for place, value in self._values.items() if value == self._step and _MARGIN not in place
        }

    def _shift(self, cycle: Sequence[_Node], *, up: bool) -> None:
        edges = [self._place(one, cycle[(index + 1) % len(cycle)]) for index, one in enumerate(cycle)]
        raised, lowered = edges[::2], edges[1::2]
        if sum(self._values[one] for one in raised) < sum(self._values[one] for one in lowered):
            raised, lowered = lowered, raised
        corner = (_MARGIN, _MARGIN)
        if corner in (lowered if up else raised):
            raised, lowered = lowered, raised
        by = min(*(self._step - self._values[one] for one in raised), *(self._values[one] for one in lowered))
        for places, change in ((raised, by), (lowered, -by)):
            for row, column in places:
                self._values[row, column] += change
                if self._values[row, column] in (0, self._step):
                    del self._beside[_ROW, row][_COLUMN, column]
                    del self._beside[_COLUMN, column][_ROW, row]

    def _place(self, one: _Node, other: _Node) -> tuple[int, int]:
        return (one[1], other[1]) if one[0] == _ROW else (other[1], one[1])
