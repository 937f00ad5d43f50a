"""`flask --app wsgi privacy anonymise CODE` and `privacy scan` (words are read from standard input)."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.kernel import scan
from app.kernel.db import db, is_sqlite
from app.kernel.writes import commit
from app.people.models import Person
from app.privacy import actions

privacy = AppGroup("privacy", help="Effacement et vérification.")


@privacy.command("anonymise")
@click.argument("code")
def anonymise_command(code: str) -> None:
    """Rend méconnaissable, pour toujours, la personne qui porte ce code."""
    person = db.session.scalars(select(Person).where(Person.code == code.strip().upper())).first()
    if person is None:
        raise click.ClickException("Aucune personne ne porte ce code.")
    actions.anonymise(None, person.id)
    commit()
    click.echo("Fiche anonymisée.")


@privacy.command("scan")
@click.argument("words", type=click.File("r"), default="-")
def scan_command(words: TextIO) -> None:
    """Cherche des mots (un par ligne) dans toutes les tables et dans les octets du fichier ; code de retour 1 s’il en reste."""
    wanted = [line.strip() for line in words if line.strip()]
    with db.engine.connect() as connection:
        found = scan.scan_tables(connection, wanted)
    if is_sqlite():
        scan.checkpoint(db.engine)
        found += scan.scan_file(Path(str(db.engine.url.database)), wanted)
    for trace in found:
        click.echo(f"Mot de la ligne {trace.rank + 1} : {trace.where}")
    if found:
        raise SystemExit(1)
    click.echo("Rien trouvé.")
