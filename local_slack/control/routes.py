"""The routes of the control interface."""

from aiohttp import web

from local_slack.actions import WorkspaceActions
from local_slack.control.acting import ActingControl
from local_slack.control.reading import ReadingControl
from local_slack.page import guard_origin


def control_routes(actions: WorkspaceActions) -> list[web.RouteDef]:
    reading, acting = ReadingControl(actions), ActingControl(actions)
    return [
        web.get("/local-slack/state", guard_origin(reading.show_state)),
        web.get("/local-slack/stream", guard_origin(reading.stream_changes)),
        web.get("/local-slack/calls", guard_origin(reading.list_calls)),
        web.get("/local-slack/messages", guard_origin(reading.list_messages)),
        web.get("/local-slack/file/{file}", guard_origin(reading.download_file)),
        web.post("/local-slack/drop", guard_origin(acting.drop_file)),
        web.post("/local-slack/command", guard_origin(acting.type_command)),
        web.post("/local-slack/say", guard_origin(acting.post_message)),
        web.post("/local-slack/press", guard_origin(acting.press_button)),
        web.post("/local-slack/submit", guard_origin(acting.submit_modal)),
        web.post("/local-slack/close", guard_origin(acting.close_modal)),
        web.post("/local-slack/options", guard_origin(acting.load_options)),
        web.post("/local-slack/shortcut", guard_origin(acting.take_shortcut)),
        web.post("/local-slack/home", guard_origin(acting.open_home)),
        web.post("/local-slack/event", guard_origin(acting.send_event)),
        web.post("/local-slack/faults", guard_origin(acting.set_faults)),
        web.post("/local-slack/people", guard_origin(acting.add_people)),
        web.post("/local-slack/change", guard_origin(acting.change_person)),
        web.post("/local-slack/reset", guard_origin(acting.reset)),
    ]
