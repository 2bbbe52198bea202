"""Every migration goes up, down and up again with rows in the tables, on both databases.

Our way of going up, which is fast, makes the tables that Django's own makes.
"""

from __future__ import annotations

import json

from tests.site.filling import FILL, GUARDED

UP_AND_DOWN = """
import json
from io import StringIO
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from careshape.site.migrations import migrate

APPS = tuple(f"{one.label}_" for one in apps.get_app_configs() if one.name.startswith("careshape."))

def rows():
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            if table.startswith(APPS):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
        return found

TABLES = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT table_name, column_name, ordinal_position, data_type, character_maximum_length, is_nullable, "
        "column_default, is_identity FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    ],
}

def tables():
    with connection.cursor() as cursor:
        found = []
        for question in TABLES[connection.vendor]:
            cursor.execute(question)
            found += map(repr, cursor.fetchall())
        return sorted(found)

def step(target):
    executor = MigrationExecutor(connection)
    executor.loader.build_graph()
    executor.migrate([target])

quickly = tables()
executor = MigrationExecutor(connection)
graph = executor.loader.graph
plan = [(one.app_label, one.name) for one, _ in executor.migration_plan(graph.leaf_nodes(), clean_start=True)]
ours = [key for key in plan if executor.loader.disk_migrations[key].__module__.startswith("careshape.")]
told = []
for key in reversed(ours):
    parents = [parent.key for parent in graph.node_map[key].parents if parent.key[0] == key[0]]
    if not parents:
        continue  # a first one is undone below: its rows go with its tables
    before = rows()
    step(parents[0])
    between = rows()
    kept = {table: count for table, count in before.items() if table in between}
    assert {table: between[table] for table in kept} == kept, (key, kept, between)
    told.append(".".join(key))
before = rows()
migrate()
after = rows()
assert {table: after[table] for table in before} == before, (before, after)
for app in sorted({key[0] for key in ours}, reverse=True):
    step((app, None))
assert rows() == {}, rows()
call_command("migrate", verbosity=0, stdout=StringIO())
plainly = tables()
assert len(plainly) > 150 and plainly == quickly, sorted(set(plainly) ^ set(quickly))
call_command("makemigrations", check=True, dry_run=True, verbosity=0, stdout=StringIO())
print(json.dumps({"undone": told, "all": len(ours), "apps": len({key[0] for key in ours})}))
"""


def test_migrations_go_up_down_and_up_with_rows(installation, promise):
    installation.python(FILL)
    told = json.loads(installation.python(UP_AND_DOWN))
    assert told["all"] >= told["apps"] >= 4
    installation.python(FILL)
    assert installation.python(GUARDED) == "4", "constraints and triggers are there again"
    promise(
        f"R13 migrations on {installation.vendor}",
        f"{told['all']} migrations of {told['apps']} apps up, down and up with rows; models equal migrations, "
        "tables equal those that Django makes",
    )
