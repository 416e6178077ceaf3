"""The most common passwords: zxcvbn's list of 30,000, loaded when the first person chooses a password."""

import asyncio
import importlib.util
from functools import cache
from pathlib import Path

_PACKAGE, _FILE, _LIST = "zxcvbn", "frequency_lists.py", "passwords"


async def common_passwords() -> frozenset[str]:
    """Return the passwords in lower case. Reading them takes about 50 ms, in a thread, once."""
    return await asyncio.to_thread(_read)


@cache
def _read() -> frozenset[str]:
    # Read the file alone: the package would load four more lists and compile its patterns, 14 MiB that nothing here
    # uses.
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ImportError(f"{_PACKAGE} is not installed")
    path = Path(found.submodule_search_locations[0]) / _FILE
    spec = importlib.util.spec_from_file_location("services.identity.zxcvbn_lists", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} of {_PACKAGE} can not be read")
    lists = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lists)
    return frozenset(password.casefold() for password in lists.FREQUENCY_LISTS[_LIST])
