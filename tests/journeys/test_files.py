"""Time goes out as a file, and comes in as one."""

import csv
import io

import pytest
from playwright.async_api import FilePayload, expect

from tests.files.reports import TOGGL
from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_month_is_exported_and_saved(desktop: Desktop) -> None:
    for typed in ("log 9-11 yesterday api review +client", "log 13-16:30 yesterday website new footer"):
        await desktop.type_command(typed, answer="Recorded")
    told = await desktop.type_command("export this month", answer="on its way")
    await expect(told).to_contain_text("CSV, 2 entries, 5 h 30 min")
    await desktop.page.locator("#dm").click()
    file = desktop.last_message.get_by_test_id("file")
    await expect(file).to_contain_text("Time of Ada, 1 Nov 2026 to 18 Nov 2026", timeout=10_000)
    await expect(file).to_contain_text("CSV")
    await desktop.take_picture("export", of=desktop.last_message)
    async with desktop.page.expect_download() as saving:
        await file.click()
    path = await (await saving.value).path()
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [(row["project"], row["note"], row["duration"]) for row in rows] == [
        ("API", "review", "2:00"),
        ("Website", "new footer", "3:30"),
    ]


async def test_a_report_of_another_tracker_comes_in_and_goes_again(desktop: Desktop) -> None:
    await desktop.type_command("log 10-10:15 2026-11-16 api in between", answer="Recorded")
    await desktop.type_command("import", answer="Drop the file here")
    await desktop.page.locator("#dm").click()
    async with desktop.page.expect_file_chooser() as choosing:
        await desktop.page.get_by_role("button", name="Attach a file").click()
    file = FilePayload(name="toggl-november.csv", mimeType="text/csv", buffer=TOGGL.encode())
    await (await choosing.value).set_files(file)
    await expect(desktop.last_message).to_contain_text("is Toggl's detailed report", timeout=10_000)
    preview = await desktop.follow(desktop.last_message)
    await expect(preview).to_contain_text("To import: 2 entries, 2 h 30 min")
    await expect(preview).to_contain_text("line 2: 16 Nov 2026, 09:00–10:30 · API, Fix login")
    await desktop.take_picture("import", of=preview)
    await desktop.press_button(preview, "Import 2 entries")
    await expect(preview).to_contain_text("Imported 2 entries, 2 h 30 min, from toggl-november.csv.")
    await desktop.type_command("2026-11-16", answer="1 h")
    await desktop.press_button(preview, "Undo")
    await expect(preview).to_contain_text("2 entries that came together are taken back together")
