"""Forms: opened, filled, refused at their fields, and what they leave behind."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_an_entry_is_logged_edited_and_deleted_in_forms(desktop: Desktop) -> None:
    await desktop.type_command("log", answer="Nothing is running")
    form = desktop.modal
    await expect(form).to_contain_text("Log time")
    await form.get_by_label("How long, or from when to when").fill("soon")
    await desktop.press_button(form, "Log")
    await expect(form).to_contain_text("I need an amount or a range")
    await form.get_by_label("How long, or from when to when").fill("1h30")
    await form.get_by_label("What did you work on?").fill("code review")
    await form.get_by_label("Project").fill("Web")
    await desktop.page.get_by_role("option", name="Website").click()
    await desktop.take_picture("log-form")
    await desktop.press_button(form, "Log")
    await expect(desktop.modal).to_be_hidden()
    card = desktop.last_message
    await expect(card).to_contain_text("Recorded")
    await expect(card).to_contain_text("1 h 30 min")

    await desktop.press_button(card, "Edit…")
    form = desktop.modal
    await expect(form.get_by_label("Note")).to_have_value("code review")
    await form.get_by_label("Note").fill("code review of the login")
    await form.get_by_label("Tags").fill("+client")
    await desktop.take_picture("edit-form")
    await desktop.press_button(form, "Save")
    await expect(card).to_contain_text("Changed")
    await expect(card).to_contain_text("code review of the login")
    await expect(card).to_contain_text("+client")

    await desktop.choose_from_menu(card, "Delete")
    await expect(card).to_contain_text("Deleted")
    await desktop.press_button(card, "Undo")
    await expect(card).to_contain_text("Undone")


async def test_a_timer_is_started_on_a_new_project_from_a_form(desktop: Desktop) -> None:
    await desktop.type_command("", answer="Nothing is running")
    await desktop.press_button(desktop.last_message, "Start…")
    form = desktop.modal
    await form.get_by_label("Project").fill("Billing")
    await desktop.page.get_by_role("option", name="Make “Billing”").click()
    await form.get_by_label("Since").fill("20 min ago")
    await desktop.take_picture("start-form")
    await desktop.press_button(form, "Start")
    await expect(desktop.last_message).to_contain_text("Started")
    await expect(desktop.last_message).to_contain_text("Billing")
    await expect(desktop.last_message).to_contain_text("20 min so far")


async def test_settings_are_saved_and_shown_in_their_message(desktop: Desktop) -> None:
    await desktop.type_command("settings", answer="Daily digest is on")
    form = desktop.modal
    await form.get_by_label("It comes at").fill("17:30")
    await form.get_by_label("Remind me when nothing is tracked by").fill("11:00")
    await desktop.take_picture("settings-form")
    await desktop.press_button(form, "Save")
    await expect(desktop.last_message).to_contain_text("at 17:30")
    await expect(desktop.last_message).to_contain_text("Reminder at 11:00")
