"""Shows people what others track, and gives them roles."""

from dataclasses import replace
from datetime import timedelta

from domain.errors import NotAllowed, NotFound, Refusal
from domain.history.changes import SettingRecord
from domain.identity.people import Role, Standing
from domain.reports.team import PersonActivity, RoleChange, TeamActivity
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from storage.identity import people, preferences
from storage.reports import team

LATELY = timedelta(days=14)
MOST = 500


_NO_ROLE = {
    Standing.GUEST: "They are a guest in this Slack workspace, and guests have no role here. Nothing was changed.",
    Standing.UNVERIFIED: "Slack has not told me yet who they are. Please try again in a moment. Nothing was changed.",
    Standing.STRANGER: "They belong to another Slack workspace, and have no role here. Nothing was changed.",
    Standing.GONE: "They are deactivated in Slack, and have no role here. Nothing was changed.",
}


@operation
async def report_team(context: OperationContext) -> TeamActivity:
    """Report what people track now: everybody for leads and admins, only themselves for members."""
    person, lines = context.person, [PersonActivity(name=context.person.name, entry=context.running)]
    if person.sees_others:
        lines = await team.find_running(context.tx, context.workspace_id, most=MOST)
        since = context.at - LATELY
        lines += await team.find_people_without_timer(
            context.tx, context.workspace_id, since=since, most=MOST
        )
    return TeamActivity(person=person, lines=tuple(lines), at=context.at, alone=not person.sees_others)


@operation
async def give_role(context: OperationContext, *, to: str, role: Role) -> RoleChange:
    """Make the person with the Slack id `to` a lead, an admin or a member. Admins only."""
    if context.person.role is not Role.ADMIN:
        raise Refusal("Only admins give roles. An admin or owner of this Slack workspace is one.")
    found = await people.find_by_slack_id(context.tx, context.workspace_id, to)
    if found is None:
        raise NotFound("They have not used this yet. Roles can be given after their first `/track`.")
    if found.standing is not Standing.MEMBER:
        raise NotAllowed(_NO_ROLE[found.standing])
    if await people.is_slack_admin(context.tx, context.workspace_id, found.id):
        return RoleChange(to=found, role=Role.ADMIN, fixed=True)
    await preferences.set_role(context.tx, context.workspace_id, found.id, role)
    if found.role is not role:
        context.changes.append(
            SettingRecord(
                subject="person",
                subject_id=found.id,
                change="role",
                before={"role": found.role.value},
                after={"role": role.value},
            )
        )
    return RoleChange(to=replace(found, role=role), role=role)


class Team(OperationGroup):
    """Operations on the team: what people track now, and their roles."""

    report = report_team
    give_role = give_role
