"""`flask --app wsgi structure add|list` and `user add`: opening a network before its screens of administration exist."""

from __future__ import annotations

import secrets
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.models import User
from app.cli.database import ensure_schema
from app.kernel import clock
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.writes import commit, rollback
from app.network import actions as network
from app.network.actions import StructureData
from app.network.enums import LegalBasis, StructureKind
from app.network.models import Structure
from config import Settings

structures = AppGroup("structure", help="Structures du réseau.")
users = AppGroup("user", help="Comptes des professionnels.")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@structures.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in StructureKind]), default="other")
@click.option("--agreement", type=DAY, help="Date de la convention signée (sans elle, la structure ne partage rien).")
@click.option("--basis", type=click.Choice([basis.value for basis in LegalBasis]), default="mission_interet_public")
@click.option("--secrecy", is_flag=True, help="Toute la structure est sous secret professionnel.")
@click.option("--sensitive", is_flag=True, help="Son nom ne se lit pas ailleurs.")
def add_structure(  # noqa: PLR0913
    name: str, kind: str, agreement: datetime | None, basis: str, secrecy: bool, sensitive: bool
) -> None:
    """Ajoute une structure."""
    ensure_schema()
    structure = network.add_structure(
        None,
        StructureData(
            name=name,
            kind=StructureKind(kind),
            legal_basis=LegalBasis(basis),
            under_secrecy=secrecy,
            sensitive=sensitive,
        ),
    )
    if agreement is not None:
        network.sign_agreement(None, structure, agreement.date())
    commit()
    click.echo(f"Structure ajoutée : {name}")


@structures.command("list")
def list_structures() -> None:
    """Liste les structures et la date de leur convention."""
    ensure_schema()
    for structure in db.session.scalars(select(Structure).order_by(Structure.name)):
        signed = structure.agreement_signed_on
        click.echo(f"{structure.name} · {structure.kind.value} · convention : {signed or 'non signée'}")


@users.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--structure", "structure_name", required=True, help="Nom exact de la structure.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
def add_user(email: str, name: str, structure_name: str, role: str) -> None:
    """Ouvre un compte (ou donne un rôle de plus à un compte ouvert) ; le mot de passe provisoire est affiché une fois."""
    ensure_schema()
    settings: Settings = current_app.extensions["settings"]
    structure = db.session.scalars(select(Structure).where(Structure.name == structure_name)).first()
    if structure is None:
        raise click.ClickException(f"Aucune structure ne s’appelle « {structure_name} ». Voyez : structure list")
    known = account_queries.user_by_email(email)
    password = secrets.token_urlsafe(12)
    try:
        user: User = known or accounts.add_user(email, name, password, settings.hash_memory_kib, provisional=True)
        accounts.add_membership(user, structure.id, Role(role), clock.today(settings.timezone))
        commit()
    except DomainError as error:
        rollback()
        raise click.ClickException(str(error.message)) from error
    click.echo("Rôle ajouté." if known else f"Compte ouvert. Mot de passe provisoire : {password}")


@users.command("password")
@click.argument("email")
def provisional_password(email: str) -> None:
    """Donne un mot de passe provisoire à un compte ; il devra être changé à la connexion, et ses sessions se ferment."""
    ensure_schema()
    settings: Settings = current_app.extensions["settings"]
    user, password = _known(email), secrets.token_urlsafe(12)
    accounts.set_password(user.id, accounts.hasher(settings.hash_memory_kib).hash(password), "provisional")
    user.must_change_password = True
    commit()
    click.echo(f"Mot de passe provisoire : {password}")


@users.command("second-factor-off")
@click.argument("email")
def second_factor_off(email: str) -> None:
    """Retire la double authentification d’un compte (téléphone et codes de secours perdus)."""
    ensure_schema()
    accounts.turn_off(_known(email).id)
    commit()
    click.echo("Double authentification retirée.")


def _known(email: str) -> User:
    user = account_queries.user_by_email(email)
    if user is None:
        raise click.ClickException("Aucun compte ouvert à cette adresse.")
    return user
