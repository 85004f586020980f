"""No two people in one post on the same day: the database refuses it, on PostgreSQL and on SQLite."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "members_designation"
NAME = "designation_no_overlap"
HELD = "('vigente', 'terminada', 'sustituida', 'vencida')"
ROLES = ("titular", "suplente")

# A range of one number stands for «the same dependencia»: equality inside GiST would need an extension.
POSTGRESQL = """
ALTER TABLE {table} ADD CONSTRAINT {name}_{role} EXCLUDE USING gist (
    int8range(department_id, department_id, '[]') WITH &&,
    daterange("start", "end", '[)') WITH &&
) WHERE (role = '{role}' AND state IN {held})
"""
# SQLite has no exclusion constraint: two triggers look for another row of the same post with a day in common.
SQLITE = """
CREATE TRIGGER {name}_{event} BEFORE {what} ON {table}
WHEN NEW.state IN {held} AND (NEW."end" IS NULL OR NEW."end" > NEW."start")
BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: {name}')
    WHERE EXISTS (
        SELECT 1 FROM {table} AS other
        WHERE other.id IS NOT NEW.id AND other.department_id = NEW.department_id
        AND other.role = NEW.role AND other.state IN {held}
        AND (other."end" IS NULL OR (other."end" > NEW."start" AND other."end" > other."start"))
        AND (NEW."end" IS NULL OR other."start" < NEW."end")
    );
END
"""
EVENTS = {
    "insert": "INSERT",
    "update": 'UPDATE OF department_id, role, state, "start", "end"',
}


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Set the guard of the database in use."""
    if schema_editor.connection.vendor == "postgresql":
        for role in ROLES:
            schema_editor.execute(POSTGRESQL.format(table=TABLE, name=NAME, role=role, held=HELD))
    elif schema_editor.connection.vendor == "sqlite":
        for event, what in EVENTS.items():
            schema_editor.execute(
                SQLITE.format(table=TABLE, name=NAME, event=event, what=what, held=HELD)
            )


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away."""
    if schema_editor.connection.vendor == "postgresql":
        for role in ROLES:
            schema_editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}_{role}")
    elif schema_editor.connection.vendor == "sqlite":
        for event in EVENTS:
            schema_editor.execute(f"DROP TRIGGER {NAME}_{event}")


class Migration(migrations.Migration):
    """A guard that the models cannot say on both databases."""

    dependencies = [("members", "0002_designations")]

    operations = [migrations.RunPython(guard, release)]
