"""Forms that several features share: the resolution of an overlap, and a notice."""

from dataclasses import replace
from enum import StrEnum

from bot.views import overlap
from bot.views.blocks import escape, option, plain, section
from bot.views.form_context import FormContext
from bot.views.inputs import (
    FormId,
    View,
    labeled,
    modal,
)
from domain.entries.overlaps import OverlapConflict

OVERLAP_FORM = FormId("room_form")
NOTICE = FormId("notice")


class OverlapField(StrEnum):
    WAY = "way"


def render_overlap_form(form_state: FormContext, conflict: OverlapConflict) -> View:
    """Render the ways to resolve the overlap that the data of a form ran into."""
    new_state = replace(form_state, claim=conflict.proposed, seen=conflict.fingerprint, shown=())
    options = [
        option(name, value) | {"description": plain(words, 75)}
        for value, name, words in overlap.list_strategies()
    ]
    choices = {"type": "radio_buttons", "options": options, "initial_option": options[-1]}
    blocks = [
        section(escape(conflict.sentence, 600)),
        section(f"For {overlap.format_claim(conflict)}:\n{overlap.format_previews(conflict)}"),
        labeled(OverlapField.WAY, "What shall I do?", choices, optional=False, mark=conflict.fingerprint),
    ]
    return modal(OVERLAP_FORM, "That time is taken", "Do it", blocks, new_state)


def render_notice(sentence: str, *, title: str = "Nothing was changed") -> View:
    """Render a sentence as a modal, for places where no message can be posted."""
    return {
        "type": "modal",
        "callback_id": NOTICE,
        "title": plain(title, 24),
        "close": plain("OK", 24),
        "blocks": [section(escape(sentence, 1_000))],
    }
