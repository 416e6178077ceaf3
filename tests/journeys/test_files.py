"""Time goes out as a file."""

import csv
import io

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_month_is_exported_and_saved(desktop: Desktop) -> None:
    for typed in ("log 9-11 yesterday api review +client", "log 13-16:30 yesterday website new footer"):
        await desktop.track(typed, told="Recorded")
    told = await desktop.track("export this month", told="on its way")
    await expect(told).to_contain_text("CSV, 2 entries, 5 h 30 min")
    await desktop.page.locator("#dm").click()
    file = desktop.last.get_by_test_id("file")
    await expect(file).to_contain_text("Time of Ada, 1 Nov 2026 to 18 Nov 2026", timeout=10_000)
    await expect(file).to_contain_text("CSV")
    await desktop.picture("export", of=desktop.last)
    async with desktop.page.expect_download() as saving:
        await file.click()
    path = await (await saving.value).path()
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [(row["project"], row["note"], row["duration"]) for row in rows] == [
        ("API", "review", "2:00"),
        ("Website", "new footer", "3:30"),
    ]
