"""Time that came along with an account is filed under the project it was tracked on

When an account of the REST API joined a person in Slack, its projects were found by their slugs: time on `C#` came to
lie on `C++`. Where it came from is still there, closed: so here, and only here, history proves what was asked for.

An entry is filed anew when it came along (history: `brought`) and lies on the project it was put on then, was never
moved between projects since, when that project had its title of today already, and when the entry's original is on a
project of another title. What lies in a submitted or approved week stays as it was handed in.
"""

import re
import unicodedata
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ENTER = sa.text(
    "select set_config('tracker.workspace', :workspace, true), set_config('tracker.across', :across, true)"
)
_LINKS = sa.text(
    "select l.workspace_id, l.person_id, a.workspace_id as from_workspace, a.person_id as from_person"
    " from account_links l join accounts a on a.id = l.account_id"
)
_ORIGINALS = sa.text(
    "select e.started_at, e.ended_at, p.title, p.folded_title from time_entries e"
    " join projects p on p.workspace_id = e.workspace_id and p.id = e.project_id"
    " where e.workspace_id = :workspace and e.person_id = :person and not e.deleted"
)
_BROUGHT = sa.text(
    "select e.id, cast(h.after ->> 'started_at' as timestamptz) as started_at,"
    " cast(h.after ->> 'ended_at' as timestamptz) as ended_at, p.folded_title"
    " from history h"
    " join time_entries e on e.workspace_id = h.workspace_id and e.id = h.subject_id"
    " join projects p on p.workspace_id = e.workspace_id and p.id = e.project_id"
    " where h.workspace_id = :workspace and h.subject = 'time_entry' and h.change = 'brought'"
    " and e.person_id = :person and not e.deleted and h.after ->> 'project_id' = cast(e.project_id as text)"
    " and not exists (select from history m where m.workspace_id = h.workspace_id and m.subject_id = h.subject_id"
    "  and m.number > h.number and m.after ->> 'project_id' is distinct from m.before ->> 'project_id')"
    " and not exists (select from history r where r.workspace_id = h.workspace_id and r.subject = 'project'"
    "  and r.subject_id = p.id and r.number > h.number"
    "  and r.before ->> 'title' is distinct from r.after ->> 'title')"
    " and not exists (select from timesheets t where t.workspace_id = e.workspace_id and t.person_id = e.person_id"
    "  and t.state in ('submitted', 'approved') and t.starts_at < e.ended_at and t.ends_at > e.started_at)"
)
_FIND = sa.text("select id from projects where workspace_id = :workspace and folded_title = :folded")
_SLUGS = sa.text("select slug from projects where workspace_id = :workspace")
_MAKE = sa.text(
    "insert into projects (workspace_id, id, slug, title, folded_title)"
    " values (:workspace, :id, :slug, :title, :folded)"
)
_FILE = sa.text(
    "update time_entries set project_id = :project, version = version + 1, updated_at = clock_timestamp()"
    " where workspace_id = :workspace and id = :entry"
)
_RECORD_PROJECT = sa.text(
    "insert into history (workspace_id, subject, subject_id, change, after, act_id, actor, source, at)"
    " values (:workspace, 'project', cast(:id as uuid), 'made', jsonb_build_object('id', cast(:id as uuid), 'slug',"
    " cast(:slug as text), 'title', cast(:title as text)), :act, '', 'upgrade', clock_timestamp())"
)
_RECORD_ENTRY = sa.text(
    "insert into history (workspace_id, subject, subject_id, change, before, after, act_id, actor, source, at)"
    " select workspace_id, subject, subject_id, 'edited', after, after || jsonb_build_object('project_id',"
    " cast(:project as uuid), 'version', cast(after ->> 'version' as int) + 1), :act, '', 'upgrade', clock_timestamp()"
    " from history where workspace_id = :workspace and subject = 'time_entry' and subject_id = :entry"
    " order by number desc limit 1"
)


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(_ENTER, {"workspace": "", "across": "on"})
    for link in connection.execute(_LINKS).all():
        _enter(connection, link.from_workspace)
        original = {"workspace": link.from_workspace, "person": link.from_person}
        tracked_on = {
            (one.started_at, one.ended_at): (one.title, one.folded_title)
            for one in connection.execute(_ORIGINALS, original)
        }
        _enter(connection, link.workspace_id)
        here = {"workspace": link.workspace_id, "person": link.person_id}
        for entry in connection.execute(_BROUGHT, here).all():
            title, folded = tracked_on.get((entry.started_at, entry.ended_at), ("", entry.folded_title))
            if folded != entry.folded_title:
                _file(connection, link.workspace_id, entry.id, title, folded)
    connection.execute(_ENTER, {"workspace": "", "across": "off"})


def _enter(connection: sa.Connection, workspace: UUID) -> None:
    """From here on the policies show that workspace's rows."""
    connection.execute(_ENTER, {"workspace": str(workspace), "across": "off"})


def _file(connection: sa.Connection, workspace: UUID, entry: UUID, title: str, folded: str) -> None:
    act = uuid4()
    project = connection.execute(_FIND, {"workspace": workspace, "folded": folded}).scalar_one_or_none()
    if project is None:
        project = uuid4()
        slug = _free_slug(title, set(connection.execute(_SLUGS, {"workspace": workspace}).scalars()))
        made = {"workspace": workspace, "id": project, "slug": slug, "title": title}
        connection.execute(_MAKE, made | {"folded": folded})
        connection.execute(_RECORD_PROJECT, made | {"act": act})
    filed = {"workspace": workspace, "entry": entry, "project": project}
    connection.execute(_FILE, filed)
    connection.execute(_RECORD_ENTRY, filed | {"act": act})


def _free_slug(title: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:36].strip("-")
    base = base or re.sub(r"\s+", "-", title.strip().lower())[:36]
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
