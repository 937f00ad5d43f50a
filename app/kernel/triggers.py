"""Triggers that keep append-only tables append-only, written once for both databases. Used by the migrations."""

from __future__ import annotations

SQLITE_REFUSE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION {table}_refuse_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {condition}
  RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse_{verb}()
"""

# Row triggers do not see TRUNCATE, which SQLite does not have.
POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_update()
"""


def append_only(dialect: str, table: str, deletable: str | None = None) -> list[str]:
    """Statements that refuse UPDATE, and DELETE except where `deletable` (a condition on OLD) holds."""
    truncate = [POSTGRES_TRUNCATE.format(table=table)] if dialect != "sqlite" else []
    return [*_refuse(dialect, table, "update", None), *_refuse(dialect, table, "delete", deletable), *truncate]


def drop(dialect: str, table: str) -> list[str]:
    """Statements that remove them."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    triggers = [f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}" for verb in ("update", "delete", "truncate")]
    return triggers + [f"DROP FUNCTION IF EXISTS {table}_refuse_{verb}()" for verb in ("update", "delete")]


def _refuse(dialect: str, table: str, verb: str, unless: str | None) -> list[str]:
    words = {"table": table, "verb": verb, "VERB": verb.upper()}
    if dialect == "sqlite":
        when = f"WHEN NOT ({unless})" if unless else ""
        return [SQLITE_REFUSE.format(when=when, **words)]
    condition = f"IF {unless} THEN RETURN OLD; END IF;" if unless else ""
    return [POSTGRES_FUNCTION.format(condition=condition, **words), POSTGRES_TRIGGER.format(**words)]


ELECTED = """
(NEW.role = 'elected' AND EXISTS (SELECT 1 FROM membership m WHERE m.user_id = NEW.user_id AND m.id <> NEW.id))
OR EXISTS (SELECT 1 FROM membership m WHERE m.user_id = NEW.user_id AND m.role = 'elected' AND m.id <> NEW.id)
"""


def elected_alone(dialect: str) -> list[str]:
    """An elected official can hold no other membership (domain/access.md), refused by the database."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER membership_elected_{verb} BEFORE {verb.upper()} ON membership WHEN {ELECTED}"
            " BEGIN SELECT RAISE(ABORT, 'membership_elected_alone'); END"
            for verb in ("insert", "update")
        ]
    return [
        (
            "CREATE FUNCTION membership_elected() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {ELECTED} THEN RAISE EXCEPTION 'membership_elected_alone' USING ERRCODE = 'check_violation'; END IF;"
            " RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER membership_elected BEFORE INSERT OR UPDATE ON membership"
            " FOR EACH ROW EXECUTE FUNCTION membership_elected()"
        ),
    ]


def drop_elected_alone(dialect: str) -> list[str]:
    """Statements that remove it."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS membership_elected_{verb}" for verb in ("insert", "update")]
    return ["DROP TRIGGER IF EXISTS membership_elected ON membership", "DROP FUNCTION IF EXISTS membership_elected()"]
