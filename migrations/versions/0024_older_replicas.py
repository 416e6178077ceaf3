"""Replicas of the version before may go on making and renaming projects, and linking accounts

They know neither `projects.folded_title` nor `account_links.home_id`. The database fills in both for them, until the
last of them is gone; a later revision drops this again.

A project of theirs gets a folded title that the database computes: as domain.project_names.fold_title does, where the
database's `lower` knows the letters. What this version writes is left as it is.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_FOLD = """
    create function fold_title_for_older_replicas(title text) returns text language sql immutable as $$
        select normalize(lower(replace(replace(
            normalize(btrim(regexp_replace(title, '\\s+', ' ', 'g')), NFD), 'ß', 'ss'), 'ẞ', 'ss')), NFC)
    $$
"""
# Fires only for an update that sets `folded_title`, and before the next one: triggers fire in the order of their names.
_NOTE = """
    create function note_folded_title() returns trigger language plpgsql as $$
    begin
        perform set_config('tracker.folded', new.id || new.title, true);
        return new;
    end $$
"""
_FILL_FOLDED = """
    create function fill_folded_title() returns trigger language plpgsql as $$
    begin
        if new.folded_title is null or (
            tg_op = 'UPDATE' and current_setting('tracker.folded', true) is distinct from new.id || new.title
        ) then
            new.folded_title := fold_title_for_older_replicas(new.title);
        end if;
        return new;
    end $$
"""
# The account is another tenant's: its row is opened by the policy `across` for this one statement.
_FILL_HOME = """
    create function fill_home() returns trigger language plpgsql as $$
    declare
        across text := current_setting('tracker.across', true);
    begin
        perform set_config('tracker.across', 'on', true);
        select workspace_id into new.home_id from accounts where id = new.account_id;
        perform set_config('tracker.across', coalesce(across, ''), true);
        return new;
    end $$
"""


def upgrade() -> None:
    for function in (_FOLD, _NOTE, _FILL_FOLDED, _FILL_HOME):
        op.execute(function)
    op.execute(
        "create trigger a_note_folded_title before update of folded_title on projects"
        " for each row execute function note_folded_title()"
    )
    op.execute(
        "create trigger b_fill_folded_title before insert or update of title on projects"
        " for each row execute function fill_folded_title()"
    )
    op.execute(
        "create trigger fill_home before insert on account_links"
        " for each row when (new.home_id is null) execute function fill_home()"
    )
