"""Hashes passwords, which is slow on purpose: in two threads, with a queue of limited length."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import Busy

AT_ONCE = 2
# A hash takes about 25 ms. When the queue is full, callers are asked to come back.
MOST_WAITING = 20
LONGEST_WAIT_SECONDS = 1.0
RETRY_AFTER_SECONDS = 2
NICENESS = 10

# The hash of a random password. A log-in for an unknown account is compared with it, so that it takes as long as
# any other.
RANDOM_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$HmKnplUIYkH3tOy/D7xDww$KEbtyeS+Y7VsbonOcOiJq/WsQeI4NNTPWbKZk9G058c"
)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class HashCost:
    """The cost of a hash: how many passes over how many KiB of memory. The default is OWASP's (Password Storage Cheat
    Sheet, 2026: Argon2id with 19 MiB, 2 passes, 1 lane)."""

    passes: int = 2
    memory: int = 19_456


OWASP_COST = HashCost()


class Passwords:
    """Hashes and verifies passwords with Argon2id, one lane. Tests that log in often use a lower `cost`."""

    def __init__(self, cost: HashCost = OWASP_COST) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=1)
        self._threads = ThreadPoolExecutor(
            AT_ONCE, thread_name_prefix="passwords", initializer=_yield_to_others
        )
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the hash of the password. Raises Busy."""
        return await self._in_turn(lambda: self._hasher.hash(password))

    async def verify(self, password: str, password_hash: str | None, *, known_address: bool = False) -> bool:
        """Return whether the password fits the hash. If the hash is missing (None) it takes the same time and returns
        False.

        `known_address` is true for an address from which the account was logged in before: during a flood such
        callers wait for up to three seconds, instead of being refused at once. Raises Busy.
        """
        fits = await self._in_turn(
            lambda: self._fits(password, password_hash or RANDOM_HASH), known_address=known_address
        )
        return fits and password_hash is not None

    def needs_rehash(self, password_hash: str) -> bool:
        """Return whether the hash was made with another cost than new ones."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _fits(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[[], Result], *, known_address: bool = False) -> Result:
        async with self._turn(known_address):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @asynccontextmanager
    async def _turn(self, known_address: bool) -> AsyncIterator[None]:
        if self._waiting >= MOST_WAITING and not known_address:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS * (3 if known_address else 1)):
                await self._turns.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()


def _yield_to_others() -> None:
    """Lower the priority of the thread, because requests from Slack have less time than a log-in.

    On Linux each thread has a niceness of its own (sched(7)).
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _busy() -> Busy:
    return Busy(
        "Too many people are logging in right now. Please try again in a moment.",
        retry_after=RETRY_AFTER_SECONDS,
    )
