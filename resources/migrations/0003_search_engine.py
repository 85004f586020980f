"""The inverted index of the search: a tsvector on PostgreSQL, an FTS5 table fed by triggers on SQLite."""

from django.db import migrations

POSTGRESQL = [
    "ALTER TABLE resources_searchentry ADD COLUMN vector tsvector"
    " GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX resources_searchentry_vector ON resources_searchentry USING gin (vector)",
    # By its own choice the planner may read the whole table: it does not count the cost of unpacking each vector.
    "CREATE FUNCTION resources_search_hits(asked tsquery) RETURNS SETOF bigint"
    " LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off SET enable_indexscan = off"
    " AS 'SELECT resource_id FROM resources_searchentry WHERE vector @@ asked'",
]
POSTGRESQL_BACK = [
    "DROP FUNCTION resources_search_hits(tsquery)",
    "DROP INDEX resources_searchentry_vector",
    "ALTER TABLE resources_searchentry DROP COLUMN vector",
]
FORGET = (
    "INSERT INTO resources_search(resources_search, rowid, words)"
    " VALUES ('delete', old.resource_id, old.words);"
)
LEARN = "INSERT INTO resources_search(rowid, words) VALUES (new.resource_id, new.words);"
SQLITE = [
    "CREATE VIRTUAL TABLE resources_search USING fts5(words, content='resources_searchentry',"
    " content_rowid='resource_id', detail='none', columnsize=0, tokenize='ascii')",
    f"CREATE TRIGGER resources_search_added AFTER INSERT ON resources_searchentry BEGIN {LEARN} END",
    f"CREATE TRIGGER resources_search_taken AFTER DELETE ON resources_searchentry BEGIN {FORGET} END",
    "CREATE TRIGGER resources_search_changed AFTER UPDATE ON resources_searchentry"
    f" BEGIN {FORGET} {LEARN} END",
    "INSERT INTO resources_search(resources_search) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER resources_search_changed",
    "DROP TRIGGER resources_search_taken",
    "DROP TRIGGER resources_search_added",
    "DROP TABLE resources_search",
]


def build(apps, schema_editor):
    run(schema_editor, POSTGRESQL, SQLITE)


def remove(apps, schema_editor):
    run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


def run(schema_editor, postgresql, sqlite):
    statements = {"postgresql": postgresql, "sqlite": sqlite}
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("resources", "0002_search_entry")]

    operations = [migrations.RunPython(build, remove)]
