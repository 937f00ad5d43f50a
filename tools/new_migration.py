"""Draft the next numbered migration from the models: `python -m tools.new_migration "words" table [table …]`.

Run on an empty PostgreSQL or SQLite file given by DATABASE_URL; read the draft before committing it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from app.cli.database import alembic_config, upgrade


def main() -> None:
    """Write migrations/versions/NNNN_words.py."""
    message, tables = sys.argv[1], set(sys.argv[2:])
    url = f"sqlite:////tmp/maillage-draft-{message.replace(' ', '-')}.sqlite"
    Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
    upgrade(url)
    config = alembic_config(url)
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["tables"] = tables | _known(config)
    number = f"{len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1:04d}"
    command.revision(config, message, autogenerate=True, rev_id=number)


def _known(config: object) -> set[str]:
    from sqlalchemy import create_engine, inspect  # noqa: PLC0415

    engine = create_engine(config.attributes["url"])  # type: ignore[attr-defined]
    return set(inspect(engine).get_table_names())


if __name__ == "__main__":
    main()
