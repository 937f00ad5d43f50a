"""Lists of people that a user keeps: codes under a name of their own, one of which may open by itself."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select, update

from app.kernel import ids
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound, name_constraint
from app.kernel.i18n import lazy_gettext as _
from app.people.models import ListView
from app.people.queries import views

LONGEST = 60
# More would no longer be found at a glance.
MOST = 30
TAKEN = _("Vous avez déjà une liste de ce nom : choisissez-en un autre.")
name_constraint("uq_list_view_user_id_structure_id_name", TAKEN, "name")
name_constraint("uq_list_view_default", _("Une autre liste vient d’être choisie pour s’ouvrir d’abord. Recommencez."))


def keep(actor: Actor, name: str, criteria: Mapping[str, str], *, is_default: bool) -> ListView:
    """Keep these criteria under this name. DomainError when the name is taken, or when there are `MOST` already."""
    owned = select(func.count()).select_from(ListView).where(*views.mine(actor))
    if (db.session.scalar(owned) or 0) >= MOST:
        raise DomainError(_("Vous gardez déjà trente listes : supprimez-en une d’abord."))
    _check_free(actor, name, None)
    if is_default:
        _clear_default(actor)
    one = ListView(
        id=ids.new_id(),
        user_id=actor.user_id,
        structure_id=actor.structure_id,
        name=name,
        criteria=dict(criteria),
        is_default=is_default,
    )
    db.session.add(one)
    db.session.flush()
    return one


def rename(actor: Actor, list_view_id: UUID, name: str, *, is_default: bool) -> ListView:
    """Another name, and whether it opens by itself. NotFound when it is not the actor’s."""
    one = _locked(actor, list_view_id)
    _check_free(actor, name, one.id)
    if is_default and not one.is_default:
        _clear_default(actor)
    one.name, one.is_default = name, is_default
    db.session.flush()
    return one


def delete(actor: Actor, list_view_id: UUID) -> UUID:
    """Forget it. NotFound when it is not the actor’s, or was deleted already."""
    one = _locked(actor, list_view_id)
    db.session.delete(one)
    db.session.flush()
    return list_view_id


def _locked(actor: Actor, list_view_id: UUID) -> ListView:
    query = select(ListView).where(ListView.id == list_view_id, *views.mine(actor)).with_for_update()
    one = db.session.scalars(query).first()
    if one is None:
        raise NotFound
    return one


def _check_free(actor: Actor, name: str, but: UUID | None) -> None:
    query = select(ListView.id).where(*views.mine(actor), ListView.name == name)
    if db.session.scalar(query if but is None else query.where(ListView.id != but)) is not None:
        raise DomainError(TAKEN, "name")


def _clear_default(actor: Actor) -> None:
    cleared = update(ListView).where(*views.mine(actor), ListView.is_default.is_(True)).values(is_default=False)
    db.session.execute(cleared)
