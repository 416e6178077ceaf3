"""What can be pressed on several kinds of messages."""

from enum import StrEnum

from bot.views.blocks import ActionId

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

SWITCHING = "switch"  # the value of a button that opens the form for a start while something runs


class EntryChoice(StrEnum):
    """What the menu beside an entry offers; the entry's id follows in its value."""

    EDIT = "edit"
    RESUME = "resume"
    DELETE = "delete"
    SHARE = "share"
