from tests.conftest import ON_POSTGRES

# These start servers, folders and databases of their own: the run on SQLite has done them already.
OWN = ("test_backup", "test_command_line", "test_database", "test_postgres_faults", "test_wheel", "test_wire")
collect_ignore = [f"{name}.py" for name in OWN] if ON_POSTGRES else []
