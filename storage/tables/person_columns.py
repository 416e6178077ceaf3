"""The columns from which a person is read."""

from storage.tables import people

PERSON_COLUMNS = [
    people.c.id,
    people.c.slack_user_id,
    people.c.name,
    people.c.zone,
    people.c.locale,
    people.c.email,
    people.c.digest_on,
    people.c.digest_at,
    people.c.digest_daily,
    people.c.role,
    people.c.slack_admin,
    people.c.remind_at,
    people.c.working_days,
    people.c.target,
    people.c.weekly_on,
    people.c.team_weekly_on,
    people.c.team_weekly_channel,
    people.c.standing,
    people.c.zone_from,
]
# The columns that are read in transactions across workspaces: all but the e-mail.
CROSS_WORKSPACE_PERSON_COLUMNS = [column for column in PERSON_COLUMNS if column is not people.c.email]
