"""Writes on needs: open, correct, close with a result, open again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.kernel import clock, formats, ids, journal
from app.kernel.access import Actor
from app.kernel.bulk import Batch
from app.kernel.db import db
from app.kernel.errors import Conflict, Difference, DomainError, NotFound, check_version
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.needs import policy
from app.needs.enums import (
    Blocker,
    Demarche,
    NeedKind,
    NeedResult,
    NeedState,
    Organisme,
    Origin,
    PieceKind,
    PieceState,
    Priority,
    RightOutcome,
)
from app.needs.models import Need, NeedPiece, NeedText
from app.people import policy as people_policy


@dataclass(frozen=True, kw_only=True)
class NeedData:
    """What is noted of a need. `demarche` only with « démarche en ligne »; `note` None leaves the words as they are.

    `pieces`: the documents asked, whatever their state; None leaves them as they are.
    """

    kind: NeedKind
    demarche: Demarche | None = None
    organismes: tuple[Organisme, ...] = ()
    origin: Origin = Origin.SPONTANEE
    priority: Priority = Priority.P3
    due_on: date | None = None
    note: str | None = ""
    blockers: tuple[Blocker, ...] = ()
    pieces: tuple[PieceKind, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class CloseData:
    """How a need ended. `trip_avoided` None: nobody said; `blockers` None leaves them as they are."""

    result: NeedResult
    right_outcome: RightOutcome = RightOutcome.UNKNOWN
    trip_avoided: bool | None = None
    blockers: tuple[Blocker, ...] | None = None


def open_need(actor: Actor, granted: Granted, data: NeedData) -> Need:
    """Note a need of this person. NotFound when the actor may not; DomainError on `demarche` for another kind."""
    return _open(actor, granted, data, silent=False)


def silent_need(  # noqa: PLR0913
    actor: Actor,
    granted: Granted,
    kind: NeedKind,
    demarche: Demarche | None = None,
    organismes: tuple[Organisme, ...] = (),
    *,
    apart: bool = False,
) -> Need:
    """The need behind a session or referral for which none was chosen: ours of that kind if open, else a new one.

    `apart`: only one noted under secrecy, that nobody else reads.
    """
    same = (Need.person_id == granted.person_id, Need.kind == kind, Need.state == NeedState.OPEN)
    about = Need.demarche.is_(None) if demarche is None else Need.demarche == demarche
    query = select(Need).where(*same, about, people_policy.written_by_us(actor, Need)).order_by(Need.id.desc())
    if apart:
        query = query.where(Need.secret.is_(True))
    found = db.session.scalars(query.limit(1)).first()
    if found is not None and policy.can_open(actor, granted):
        return found
    return _open(actor, granted, NeedData(kind=kind, demarche=demarche, organismes=organismes), silent=True)


def _open(actor: Actor, granted: Granted, data: NeedData, silent: bool) -> Need:
    need = Need(id=ids.new_id(), **_new_values(actor, granted, data))
    need.text = NeedText(note=data.note) if data.note else None
    _ask(actor, need, data.pieces)
    db.session.add(need)
    db.session.flush()
    _note(actor, granted, "need.open", need.id, kind=data.kind.value, silent=silent)
    return need


def _new_values(actor: Actor, granted: Granted, data: NeedData) -> dict[str, object]:
    if not policy.can_open(actor, granted):
        raise NotFound
    return {"person_id": granted.person_id, **people_policy.authorship(actor), **_values(data)}


def open_need_in(
    batch: Batch, actor: Actor, granted: Granted, data: NeedData, closing: tuple[CloseData, datetime] | None
) -> UUID:
    """As `open_need`, for very many (data made for load); `closing` when its end is already known (see `note_closing`)."""
    need_id = ids.new_id()
    values = {**_new_values(actor, granted, data), "id": need_id, "version": 1}
    if closing is not None:
        values |= {**_closing(*closing), "version": 2}
    batch.add(Need, values)
    if data.note:
        batch.add(NeedText, {"need_id": need_id, "note": data.note})
    _note(actor, granted, "need.open", need_id, kind=data.kind.value, silent=False)
    return need_id


def note_closing(actor: Actor, granted: Granted, need_id: UUID, data: CloseData) -> None:
    """Journal the end of a need whose row was made by `open_need_in`, on the day it happens."""
    _note(actor, granted, "need.close", need_id, result=data.result.value)


def edit_need(actor: Actor, granted: Granted, need_id: UUID, data: NeedData, version: int | None) -> Need:
    """Correct an open need. Raises Stale with both texts when somebody else saved in between."""
    need = _readable(actor, granted, need_id)
    if not policy.can_edit(actor, granted, need):
        raise NotFound
    check_version(need.version, version, *_differences(need, data))
    for name, value in _values(data).items():
        setattr(need, name, value)
    _write_note(need, data.note)
    _ask(actor, need, data.pieces)
    # The version rises even when only the words, which live in their own table, have changed.
    flag_modified(need, "organismes")
    db.session.flush()
    _note(actor, granted, "need.edit", need.id)
    return need


def close_need(actor: Actor, granted: Granted, need_id: UUID, data: CloseData, version: int | None = None) -> Need:
    """Say how the need ended. Conflict when it is closed already."""
    need = _readable(actor, granted, need_id)
    if need.state is NeedState.CLOSED:
        raise Conflict(_("Cette demande est déjà terminée."))
    if not policy.can_close(actor, granted, need):
        raise NotFound
    check_version(need.version, version)
    for name, value in _closing(data, clock.now()).items():
        setattr(need, name, value)
    db.session.flush()
    note_closing(actor, granted, need.id, data)
    return need


def _closing(data: CloseData, at: datetime) -> dict[str, object]:
    answers = {"result": data.result, "right_outcome": data.right_outcome, "trip_avoided": data.trip_avoided}
    stopped = {} if data.blockers is None else {"blockers": [one.value for one in data.blockers]}
    return {"state": NeedState.CLOSED, "closed_at": at, **answers, **stopped}


def note_pieces(  # noqa: PLR0913
    actor: Actor,
    granted: Granted,
    need_id: UUID,
    states: Mapping[PieceKind, PieceState],
    version: int | None,
    today: date,
) -> Need:
    """Say where the documents asked stand. Others are left alone; Stale when somebody else saved in between."""
    need = _readable(actor, granted, need_id)
    if not policy.can_edit(actor, granted, need):
        raise NotFound
    check_version(need.version, version, *_piece_differences(need, states))
    changed = [one for one in need.pieces if states.get(one.kind, one.state) is not one.state]
    for one in changed:
        one.state, one.noted_at, one.noted_by = states[one.kind], clock.now(), actor.user_id
        one.seen_on = today if one.state is PieceState.SEEN else None
    flag_modified(need, "organismes")
    db.session.flush()
    _note(actor, granted, "need.pieces", need.id, count=len(changed))
    return need


def _piece_differences(need: Need, states: Mapping[PieceKind, PieceState]) -> list[Difference]:
    asked = [(one, states[one.kind]) for one in need.pieces if one.kind in states]
    return [Difference(str(one.kind.label), str(said.label), str(one.state.label)) for one, said in asked]


def _ask(actor: Actor, need: Need, kinds: tuple[PieceKind, ...] | None) -> None:
    """The documents asked from now on; one that is asked already keeps its state."""
    if kinds is None:
        return
    for one in [known for known in need.pieces if known.kind not in kinds]:
        need.pieces.remove(one)
    known = {one.kind for one in need.pieces}
    asked = {"state": PieceState.MISSING, "noted_at": clock.now(), "noted_by": actor.user_id}
    need.pieces.extend(NeedPiece(kind=kind, **asked) for kind in kinds if kind not in known)


def reopen_need(actor: Actor, granted: Granted, need_id: UUID, version: int | None = None) -> Need:
    """The need was not over after all: its result is taken back. Conflict when it is open."""
    need = _readable(actor, granted, need_id)
    if need.state is NeedState.OPEN:
        raise Conflict(_("Cette demande est déjà en cours."))
    if not policy.can_reopen(actor, granted, need):
        raise NotFound
    check_version(need.version, version)
    before = need.result
    need.state, need.closed_at = NeedState.OPEN, None
    need.result = need.right_outcome = need.trip_avoided = None
    db.session.flush()
    _note(actor, granted, "need.reopen", need.id, result=before.value if before else None)
    return need


def _readable(actor: Actor, granted: Granted, need_id: UUID) -> Need:
    query = select(Need).where(Need.id == need_id, policy.readable(actor, granted))
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def _values(data: NeedData) -> dict[str, object]:
    if data.demarche is not None and data.kind is not NeedKind.DEMARCHE_EN_LIGNE:
        raise DomainError(_("Le domaine ne se choisit qu’avec « Démarche en ligne »."), "demarche")
    names = ("kind", "demarche", "origin", "priority", "due_on")
    values: dict[str, object] = {name: getattr(data, name) for name in names}
    lists = {"organismes": data.organismes, "blockers": data.blockers}
    return {**values, **{name: [one.value for one in chosen] for name, chosen in lists.items()}}


def _write_note(need: Need, note: str | None) -> None:
    if note is None:
        return
    if need.text is not None and note:
        need.text.note = note
    else:
        need.text = NeedText(note=note) if note else None


def _differences(need: Need, data: NeedData) -> list[Difference]:
    names = ("kind", "demarche", "origin", "priority", "due_on")
    found = [Difference(str(_LABELS[name]), _shown(getattr(data, name)), _shown(getattr(need, name))) for name in names]
    mine, theirs = (sorted(one.value for one in data.organismes), sorted(need.organismes))
    found.append(Difference(str(_LABELS["organismes"]), _organismes(mine), _organismes(theirs)))
    stopped = (_blockers(sorted(data.blockers)), _blockers(sorted(need.blockers)))
    found.append(Difference(str(_LABELS["blockers"]), *stopped))
    if data.note is not None:
        found.append(Difference(str(_LABELS["note"]), data.note, need.text.note if need.text else ""))
    return found


def _shown(value: object) -> str:
    if isinstance(value, date):
        return formats.day(value)
    return "" if value is None else str(getattr(value, "label", value))


def _organismes(values: list[str]) -> str:
    return ", ".join(str(Organisme(value).label) for value in values)


def _blockers(values: Sequence[str]) -> str:
    return ", ".join(str(Blocker(value).label) for value in values)


_LABELS = {
    "kind": _("Demande"),
    "demarche": _("Domaine de la démarche"),
    "organismes": _("Organismes"),
    "origin": _("Origine"),
    "priority": _("Priorité"),
    "due_on": _("Échéance"),
    "note": _("Note"),
    "blockers": _("Ce qui bloque"),
}


def _note(actor: Actor, granted: Granted, action: str, need_id: UUID, **codes: str | int | bool | None) -> None:
    journal.note(actor, action, "need", need_id, person_id=granted.person_id, grant=granted.source, **codes)
