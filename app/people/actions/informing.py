"""The information notice reaches somebody after they were registered."""

from __future__ import annotations

from app.kernel import ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.people import policy
from app.people.actions.data import NOTICE_VERSION
from app.people.enums import NoticeWay
from app.people.models import Notice


def give_notice(actor: Actor, granted: Granted, way: NoticeWay, language: str = "fr") -> Notice:
    """Note that the notice was handed over, or read aloud. NotFound unless this hat writes in the record."""
    if not policy.can_record_consent(actor, granted):
        raise NotFound
    given = {"text_version": NOTICE_VERSION, "language": language, "way": way, "given_by": actor.user_id}
    notice = Notice(id=ids.new_id(), person_id=granted.person_id, **given)
    db.session.add(notice)
    db.session.flush()
    person_id = granted.person_id
    journal.note(actor, "notice.give", "notice", notice.id, person_id=person_id, grant=granted.source, way=way.value)
    return notice
