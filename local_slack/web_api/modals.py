"""The methods of `views`: modals and the Home tab."""

from typing import Any

from local_slack.refusals import Refused
from local_slack.views import View
from local_slack.workspace import Workspace

Json = dict[str, Any]


def open_view(workspace: Workspace, arguments: Json) -> Json:
    return _view_answer(
        workspace,
        workspace.views.open_modal(
            _required_text(arguments, "trigger_id"), _required_view(arguments), push=False
        ),
    )


def push_view(workspace: Workspace, arguments: Json) -> Json:
    return _view_answer(
        workspace,
        workspace.views.open_modal(
            _required_text(arguments, "trigger_id"), _required_view(arguments), push=True
        ),
    )


def update_view(workspace: Workspace, arguments: Json) -> Json:
    views = workspace.views
    wanted = arguments.get("external_id")
    stacked = [one for stack in views.stacks.values() for one in stack]
    by_name = next((one for one in stacked if wanted and one.definition.get("external_id") == wanted), None)
    view = views.find(str(arguments.get("view_id", ""))) or by_name
    if view is None:
        raise Refused("not_found")
    return _view_answer(workspace, views.update(view, _required_view(arguments), arguments.get("hash")))


def publish_view(workspace: Workspace, arguments: Json) -> Json:
    user = _required_text(arguments, "user_id")
    if user not in workspace.people:
        raise Refused("user_not_found")
    return _view_answer(
        workspace, workspace.views.publish_home(user, _required_view(arguments), arguments.get("hash"))
    )


def _view_answer(workspace: Workspace, view: View) -> Json:
    workspace.notify()
    return {"view": view.as_json()}


def _required_text(arguments: Json, name: str) -> str:
    if not arguments.get(name):
        raise Refused("invalid_arguments", [f"missing required field: {name}"])
    return str(arguments[name])


def _required_view(arguments: Json) -> Json:
    view = arguments.get("view")
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", ["missing required field: view"])
    return view
