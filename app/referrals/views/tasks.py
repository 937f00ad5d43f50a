"""What the first screen shows of referrals."""

from __future__ import annotations

from datetime import date

from flask import url_for

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.due import Names, Row, Source, Told, When
from app.kernel.i18n import gettext as _
from app.referrals import policy
from app.referrals.enums import Act, State, TaskKind
from app.referrals.machine import URGENT
from app.referrals.queries import waiting
from app.referrals.queries.waiting import asked_for, urgency_of
from app.referrals.views.blueprint import day_of

# A draft is sent, or given up, within two opening days.
DRAFT_DAYS = 2


def _answer_due(row: Row, _when: When) -> tuple[date, bool]:
    return _expected(row, State.SENT), urgency_of(row) in URGENT


def _expected(row: Row, state: State) -> date:
    """The day on which the clock of this state would first remind."""
    rules = policy.rules()
    return rules.days.add(_since(row), rules.clocks.of(state, urgency_of(row)).reminder)


def _since(row: Row) -> date:
    return day_of(row.at or clock.now())


def _to_answer(_actor: Actor, row: Row, names: Names) -> Told:
    title = _("Répondre à une orientation : %(need)s", need=asked_for(row))
    url = url_for("referrals.show", referral_id=row.id)
    return Told(title, names.other(row), url)


def _prepared_due(row: Row, _when: When) -> tuple[date, bool]:
    if State(row.codes[3]) is State.DRAFT:
        return policy.rules().days.add(_since(row), DRAFT_DAYS), False
    return _expected(row, State.ASKED), False


def _of_ours(_actor: Actor, row: Row, names: Names) -> Told:
    draft = State(row.codes[3]) is State.DRAFT
    who = names.person(row) or _("une personne")
    title = (
        _("Envoyer l’orientation de %(who)s", who=who)
        if draft
        else _("Répondre à la question de %(name)s", name=names.other(row))
    )
    url = url_for("referrals.send" if draft else "referrals.show", referral_id=row.id)
    return Told(title, names.other(row) if draft else asked_for(row), url)


def _to_do_due(row: Row, when: When) -> tuple[date, bool]:
    return row.day or when.today, urgency_of(row) in URGENT


def _to_do(actor: Actor, row: Row, names: Names) -> Told:
    who = names.person(row) or _("la personne")
    kind, act = TaskKind(row.codes[3]), Act(row.codes[4])
    text = _("%(state)s par %(name)s", state=str(act.label), name=names.other(row))
    if kind is TaskKind.TELL_PERSON:
        title, url = _("Prévenir %(who)s", who=who), url_for("referrals.tell", task_id=row.id)
    else:
        title, url = _("Décider de la suite pour %(who)s", who=who), _where_to_decide(actor, row)
    return Told(title, text, url)


def _where_to_decide(actor: Actor, row: Row) -> str:
    """The desk sees the list; advisers decide."""
    decides = policy.can_decide(actor)
    return url_for("referrals.decide", task_id=row.id) if decides else url_for("referrals.todo")


# Referrals to answer; drafts to send and questions put to us; people to tell and endings to decide.
tasks = (
    Source(waiting.received, _answer_due, _to_answer),
    Source(waiting.prepared, _prepared_due, _of_ours),
    Source(waiting.to_do, _to_do_due, _to_do),
)
