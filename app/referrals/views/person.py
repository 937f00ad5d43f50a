"""What the person's page and the first screen show of referrals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import url_for

from app.kernel import pages
from app.kernel.access import FRONT, Actor
from app.kernel.grants import Granted, Section
from app.kernel.i18n import gettext as _
from app.kernel.panels import Bearing, Brief, PersonPanel, Task
from app.referrals import policy, queries
from app.referrals.enums import LIVE, Side, State, TaskKind
from app.referrals.machine import URGENT
from app.referrals.queries import ReferralLine, Todo
from app.referrals.views.blueprint import day_of
from app.referrals.views.lists import shown

# A draft is sent, or given up, within two opening days.
DRAFT_DAYS = 2


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The referrals of a person, and what is to be told while they are here."""
    lines = queries.of_person(actor, granted)
    can_draft = policy.can_draft(actor, granted.may_write)
    if not (lines or can_draft or granted.opens(Section.NEEDS)):
        return None
    pending = queries.pending_for_person(actor, granted)
    context = {
        "person_id": granted.person_id,
        "lines": [(line, shown(line)) for line in lines],
        "pending": pending,
        "can_draft": can_draft,
        "can_decide": policy.can_decide(actor),
    }
    return PersonPanel("referrals", 40, "referrals/_panel.html", context, tuple(_brief(lines, pending)))


def _brief(lines: list[ReferralLine], pending: list[Todo]) -> Iterable[Brief]:
    """What is to be said while the person is here, and the answers that were promised to them."""
    today = pages.today()
    for one in pending:
        tells = one.kind is TaskKind.TELL_PERSON
        words = {"need": one.preview.need, "name": one.recipient}
        text = (
            _("À dire à la personne : %(need)s, %(name)s", **words)
            if tells
            else _("Suite à décider : %(need)s, %(name)s", **words)
        )
        yield Brief(Bearing.URGENT, text, "#orientations", one.due_on, one.due_on < today)
    for line in lines:
        if line.side is not None and line.state in LIVE:
            received = line.side is Side.RECIPIENT
            text = _("%(need)s : à nous d’agir", need=line.preview.need) if received else _waited(line)
            url = url_for("referrals.show", referral_id=line.id)
            yield Brief(Bearing.NEXT if received else Bearing.PROMISED, text, url)


def _waited(line: ReferralLine) -> str:
    words = shown(line)["waits"]
    return _("%(name)s, %(need)s : %(waits)s", name=line.other, need=line.preview.need, waits=words)


def tasks(actor: Actor) -> list[Task]:
    """What waits for this hat: referrals to answer, questions, drafts to send, people to tell, endings to decide."""
    if actor.role not in FRONT:
        return []
    received = [_to_answer(line) for line in queries.inbox(actor).lines if line.state is State.SENT]
    ours = [_of_ours(line) for line in queries.sent(actor).lines if line.state in {State.DRAFT, State.ASKED}]
    return [*received, *ours, *(_to_do(actor, one) for one in queries.todo(actor, limit=50))]


def _to_answer(line: ReferralLine) -> Task:
    urgent = line.preview.urgency in URGENT
    title = _("Répondre à une orientation : %(need)s", need=line.preview.need)
    url = url_for("referrals.show", referral_id=line.id)
    return Task(_expected(line, State.SENT), title, line.other, url, urgent)


def _expected(line: ReferralLine, state: State) -> date:
    """The day on which the clock of this state would first remind."""
    rules = policy.rules()
    return rules.days.add(day_of(line.since), rules.clocks.of(state, line.preview.urgency).reminder)


def _of_ours(line: ReferralLine) -> Task:
    draft = line.state is State.DRAFT
    who = line.person or _("une personne")
    title = (
        _("Envoyer l’orientation de %(who)s", who=who)
        if draft
        else _("Répondre à la question de %(name)s", name=line.other)
    )
    url = url_for("referrals.send" if draft else "referrals.show", referral_id=line.id)
    due = policy.rules().days.add(day_of(line.since), DRAFT_DAYS) if draft else _expected(line, State.ASKED)
    return Task(due, title, line.other if draft else line.preview.need, url)


def _to_do(actor: Actor, one: Todo) -> Task:
    who = one.person or _("la personne")
    text = _("%(state)s par %(name)s", state=str(one.about.label), name=one.recipient)
    if one.kind is TaskKind.TELL_PERSON:
        title, url = _("Prévenir %(who)s", who=who), url_for("referrals.tell", task_id=one.id)
    else:
        title, url = _("Décider de la suite pour %(who)s", who=who), _where_to_decide(actor, one)
    return Task(one.due_on, title, text, url, one.preview.urgency in URGENT)


def _where_to_decide(actor: Actor, one: Todo) -> str:
    """The desk sees the list; advisers decide."""
    decides = policy.can_decide(actor)
    return url_for("referrals.decide", task_id=one.id) if decides else url_for("referrals.todo")
