"""What the person's page shows of referrals."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from app.kernel import pages
from app.kernel.access import Actor
from app.kernel.grants import Granted, Section
from app.kernel.i18n import gettext as _
from app.kernel.panels import Bearing, Brief, PersonPanel
from app.referrals import policy, queries
from app.referrals.enums import LIVE, Side, TaskKind
from app.referrals.queries import ReferralLine, Todo
from app.referrals.views.lists import shown


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
