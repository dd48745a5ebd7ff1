"""Tables and migrations say the same, and no column invents a value."""

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.columns.column_types import UUID
from piccolo.conf.apps import AppConfig, Finder

from server.piccolo_conf import APP_REGISTRY


@pytest.mark.parametrize("package", list(APP_REGISTRY.app_configs.values()), ids=lambda one: one.app_name)
async def test_the_migrations_make_exactly_the_tables(package: AppConfig) -> None:
    changes = await AutoMigrationManager().get_alter_statements(app_config=package)
    said = [statement for change in changes for statement in change.statements]
    assert said == []


def test_an_id_that_nobody_gave_is_null_and_not_a_random_one() -> None:
    wrong = [
        f"{table._meta.tablename}.{column._meta.name}"
        for table in Finder().get_table_classes()
        for column in table._meta.columns
        if isinstance(column, UUID) and column._meta.null and column.default is not None
    ]
    assert wrong == []
