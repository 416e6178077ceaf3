"""Action ids, buttons and menus that several kinds of messages have."""

from enum import StrEnum

from bot.views.blocks import ActionId, Block, button
from domain.entries.entries import TimeEntry

STOP = ActionId("stop")
RESUME = ActionId("resume")
UNDO = ActionId("undo")
KEEP = ActionId("keep")
OPEN_START = ActionId("open_start")
OPEN_LOG = ActionId("open_log")
OPEN_EDIT = ActionId("open_edit")
OPEN_SETTINGS = ActionId("open_settings")
ENTRY_MENU = ActionId("entry_menu")
CONFIRM_ENTRY = ActionId("confirm_entry")
SUBMIT_WEEK = ActionId("submit_week")

SWITCHING = "switch"  # the value of a button that opens the start form while a timer runs


class EntryChoice(StrEnum):
    """The choices in the menu beside an entry; the entry's id follows each in the option's value."""

    EDIT = "edit"
    RESUME = "resume"
    DELETE = "delete"
    SHARE = "share"


def make_stop_button(entry: TimeEntry) -> Block:
    return button("Stop", STOP, str(entry.id), style="primary")


def make_resume_button(entry: TimeEntry) -> Block:
    return button("Resume", RESUME, str(entry.id))
