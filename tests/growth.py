"""Whether the work of something grows with what it is given, or faster.

The machine may be busy, so one reading proves nothing: processor time of this thread is compared, the margins are wide,
and what fails is tried again more carefully. A quadratic reader fails every time.
"""

import time
from collections.abc import Callable
from typing import TypeVar

Given = TypeVar("Given")
ATTEMPTS = 5
NOISE_SECONDS = 0.01


def measure_seconds(work: Callable[[Given], object], given: Given, tries: int = 1) -> float:
    """The least processor time of several tries."""
    best = float("inf")
    for _ in range(tries):
        began = time.thread_time()
        work(given)
        best = min(best, time.thread_time() - began)
    return best


def assert_takes_at_most(seconds: float, work: Callable[[Given], object], given: Given) -> None:
    took = [measure_seconds(work, given)]
    while min(took) > seconds and len(took) < ATTEMPTS:
        took.append(measure_seconds(work, given))
    assert min(took) <= seconds, took


def assert_grows_no_faster(
    work: Callable[[Given], object], make: Callable[[int], Given], length: int, *, times: int, most: float
) -> None:
    """What is `times` as long may take `most` times as long: far more than `times`, far less than its square."""
    short, long, seen = make(length), make(length * times), []
    for tries in range(1, ATTEMPTS + 1):
        first, last = (measure_seconds(work, given, tries) for given in (short, long))
        if last <= most * first + NOISE_SECONDS:
            return
        seen.append(f"{first:.4f} s and {last:.4f} s")
    raise AssertionError(f"{length} and {times} times that took {', '.join(seen)}")
