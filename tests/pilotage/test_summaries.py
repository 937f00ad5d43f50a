"""What a summary counts, how it is published, frozen and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.kernel import clock, errors, ids
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.mediation.enums import SessionKind
from app.needs.enums import NeedKind, NeedResult, NeedState
from app.needs.models import Need
from app.people import policy as people_policy
from app.people.enums import AgeBand
from app.pilotage import actions
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term
from app.pilotage.models import PublishedCell, Summary
from app.pilotage.queries import summaries
from app.pilotage.secrecy import Counted
from tests.pilotage.quarters import DAY, FRAME, TERM, WORDS, crowd, published, visit
from tests.support.queries import count_queries
from tests.support.world import World


def need(
    world: World, who: str, day: date, *, closed: date | None = None, kind: NeedKind = NeedKind.BOITE_MAIL
) -> None:
    def at(on: date) -> datetime:
        return datetime.combine(on, time(11), ZoneInfo("Europe/Paris"))

    person = world.people["amina"]
    db.session.add(
        Need(
            id=ids.new_id(),
            person_id=person,
            kind=kind,
            organismes=[],
            created_at=at(day),
            state=NeedState.CLOSED if closed else NeedState.OPEN,
            result=NeedResult.RESOLUE if closed else None,
            closed_at=at(closed) if closed else None,
            **people_policy.authorship(world.actors[who]),
        )
    )


def figures(codes: Iterable[str] = ("47157", "47310")) -> Counted:
    db.session.flush()
    return summaries.counted(TERM, tuple(codes), FRAME.timezone, FRAME.days)


def values(found: Counted, breakdown: str, indicator: str) -> dict[str, int]:
    return {part.code: part.counts[indicator].value for part in found.breakdowns[breakdown] if part.size}


# ------------------------------------------------------------------- counting


def test_people_accompaniments_and_newcomers(world: World) -> None:
    with world.app.app_context():
        known, new = ids.random_key(), ids.random_key()
        visit(world, "library.adviser", known, day=TERM.first - timedelta(days=1))
        visit(world, "library.adviser", known, day=TERM.first)
        visit(world, "ccas.adviser", known, day=TERM.last)
        visit(world, "ccas.adviser", new)
        visit(world, "ccas.adviser", ids.random_key(), anonymous=True)
        visit(world, "ccas.adviser", new, day=TERM.last + timedelta(days=1))
        found = figures()
        told = {name: total.count.value for name, total in found.totals.items()}
        assert (told["people"], told["accompaniments"], told["anonymous"]) == (2, 4, 1)
        assert values(found, "novelty", "people") == {"new": 1, "known": 1}
        assert found.totals["accompaniments"].authors == {
            world.actors["library.adviser"].user_id,
            world.actors["ccas.adviser"].user_id,
        }


def test_somebody_is_in_one_commune_and_one_age_the_last_of_the_period(world: World) -> None:
    with world.app.app_context():
        moved = ids.random_key()
        visit(world, "library.adviser", moved, commune="47157", band=AgeBand.FROM_25)
        visit(world, "library.adviser", moved, commune="47310", band=AgeBand.FROM_40, day=DAY + timedelta(days=1))
        visit(world, "library.adviser", ids.random_key(), commune=None)
        visit(world, "library.adviser", ids.random_key(), commune="33063")
        found = figures()
        assert values(found, "commune", "people") == {"47310": 1, "ailleurs": 1, "inconnue": 1}
        assert values(found, "commune", "accompaniments") == {"47310": 2, "ailleurs": 1, "inconnue": 1}
        assert values(found, "age", "people") == {AgeBand.FROM_40.value: 3}


def test_an_arrondissement_is_its_commune(world: World) -> None:
    with world.app.app_context():
        visit(world, "library.adviser", ids.random_key(), commune="75112")
        assert values(figures(["75056"]), "commune", "people") == {"75056": 1}


def test_the_parts_make_the_whole(lived: World) -> None:
    with lived.app.app_context():
        found = figures()
        for breakdown, indicator in (("novelty", "people"), ("age", "people"), ("commune", "accompaniments")):
            whole = found.totals[indicator].count.value
            assert sum(part.counts[indicator].value for part in found.breakdowns[breakdown]) == whole


def test_hours_and_workshops(world: World) -> None:
    with world.app.app_context():
        visit(world, "library.adviser", ids.random_key(), minutes=50)
        visit(world, "ccas.adviser", ids.random_key(), minutes=100, kind=SessionKind.COLLECTIF, anonymous=True)
        found = figures().totals
        assert (found["hours"].count.value, found["workshops"].count.value) == (2, 1)
        assert len(found["workshops"].authors) == 1


def test_needs_by_their_days_on_the_networks_calendar(world: World) -> None:
    with world.app.app_context():
        need(world, "library.adviser", TERM.first)
        need(world, "library.adviser", TERM.first - timedelta(days=1), closed=TERM.last)
        need(world, "library.adviser", TERM.last - timedelta(days=91))
        need(world, "library.adviser", TERM.last - timedelta(days=91), closed=TERM.last + timedelta(days=3))
        need(world, "library.adviser", TERM.last + timedelta(days=1))
        found = figures()
        assert found.totals["needs_opened"].count.value == 1
        assert found.totals["needs_resolved"].count.value == 1
        assert found.totals["needs_waiting"].count.value == 2
        assert values(found, "kind", "needs_opened") == {NeedKind.BOITE_MAIL.value: 1}


def test_counting_takes_as_many_queries_whatever_the_rows(world: World) -> None:
    with world.app.app_context():
        with count_queries(db.session) as few:
            figures()
        crowd(world, 60)
        db.session.flush()
        with count_queries(db.session) as many:
            figures()
    many.assert_same_as(few)
    few.assert_at_most(11)


# ------------------------------------------------------------------- publishing


def test_a_summary_is_frozen(lived: World) -> None:
    made = published(lived)
    client = lived.client("elected")
    page = client.get(f"/pilotage/syntheses/{made}")
    before = (client.text(page, "article"), client.get(f"/pilotage/syntheses/{made}/synthese.pdf").data)
    with lived.app.app_context():
        crowd(lived, 30)
        commit()
    with clock.fixed(clock.now() + timedelta(days=40)):
        client = lived.client("elected")
        page = client.get(f"/pilotage/syntheses/{made}")
        after = (client.text(page, "article"), client.get(f"/pilotage/syntheses/{made}/synthese.pdf").data)
    assert after == before


def test_every_cell_is_in_the_ledger_and_stays_there(lived: World) -> None:
    made = published(lived)
    with lived.app.app_context():
        found = {
            (row.indicator, row.breakdown, row.category): row.value for row in db.session.scalars(select(PublishedCell))
        }
        assert found["people", "", ""] == 78
        assert found["people", "commune", "47157"] == 40
        assert found["people", "commune", "47065"] is None
        assert found["people", "commune", "47301"] is None
        assert found["people", "commune", "groupe:1"] == 13
        with pytest.raises((DatabaseError, IntegrityError)), db.session.begin_nested():
            db.session.execute(update(PublishedCell).values(value=1))
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "summary.publish")).one()
        assert entry.object_id == made


def test_a_period_is_published_once_and_not_before_its_end(lived: World) -> None:
    published(lived)
    with lived.app.app_context():
        coordinator = lived.actors["coordinator"]
        with pytest.raises(Conflict):
            actions.publish(coordinator, TERM, WORDS, FRAME)
        last = FRAME.days.add(Term(2024, 3).last, 9)
        with clock.fixed(datetime.combine(last, time(12), ZoneInfo("Europe/Paris"))):
            with pytest.raises(DomainError, match="pas finie"):
                actions.publish(coordinator, Term(2024, 3), WORDS, FRAME)
            assert Term(2024, 3) not in summaries.offered(coordinator, FRAME)
        with clock.fixed(datetime.combine(last + timedelta(days=4), time(12), ZoneInfo("Europe/Paris"))):
            assert Term(2024, 3) in summaries.offered(coordinator, FRAME)


def test_two_publications_at_once_are_told_in_words(lived: World) -> None:
    published(lived)
    with lived.app.app_context():
        first = db.session.scalars(select(Summary)).one()
        again = Summary(
            id=ids.new_id(),
            period=first.period,
            area=first.area,
            published_at=clock.now(),
            published_by=first.published_by,
            content={},
        )
        with pytest.raises(IntegrityError) as found, db.session.begin_nested():
            db.session.add(again)
        named = errors.from_integrity(found.value)
        assert named is not None
        assert "déjà publiée" in str(named.message)


@pytest.mark.parametrize("who", ["elected", "library.manager", "library.adviser", "dpo", "admin"])
def test_only_the_coordinator_publishes(world: World, who: str) -> None:
    with world.app.app_context(), pytest.raises(NotFound):
        actions.publish(world.actors[who], TERM, WORDS, FRAME)


def test_figures_that_changed_since_they_were_read_are_not_published(lived: World) -> None:
    with lived.app.app_context():
        coordinator = lived.actors["coordinator"]
        seen = summaries.draft(coordinator, TERM, FRAME).mark
        crowd(lived, 3)
        db.session.flush()
        with pytest.raises(Conflict, match="changé"):
            actions.publish(coordinator, TERM, SummaryData("Calme.", seen=seen), FRAME)


def test_a_withdrawn_summary_is_read_by_the_coordinator_alone_and_keeps_its_figures(lived: World) -> None:
    made = published(lived)
    client = lived.client("coordinator")
    page = client.submit(client.get(f"/pilotage/syntheses/{made}/retirer"))
    assert page.status_code == 303
    assert lived.client("elected").get(f"/pilotage/syntheses/{made}").status_code == 404
    assert lived.client("elected").get(f"/pilotage/syntheses/{made}/synthese.pdf").status_code == 404
    assert "Synthèse retirée le" in client.text(client.get(f"/pilotage/syntheses/{made}"))
    with lived.app.app_context():
        crowd(lived, 3)
        commit()
    again = published(lived, words_=SummaryData("Un autre commentaire."))
    text = lived.client("elected").text(lived.client("elected").get(f"/pilotage/syntheses/{again}"))
    assert "78 personnes inscrites" in text
    assert "Un autre commentaire." in text
    with lived.app.app_context():
        assert len({row.summary_id for row in db.session.scalars(select(PublishedCell))}) == 1


def test_a_summary_is_not_withdrawn_after_a_week(lived: World) -> None:
    made = published(lived)
    with clock.fixed(clock.now() + timedelta(days=8)):
        with lived.app.app_context(), pytest.raises(DomainError, match="sept jours"):
            actions.withdraw(lived.actors["coordinator"], db.session.get_one(Summary, made))
        assert lived.client("coordinator").get(f"/pilotage/syntheses/{made}/retirer").status_code == 404


def test_a_year_after_its_quarters_tells_no_hidden_commune(world: World) -> None:
    """Clairac is told in three quarters and hidden in one; the year may not give that one back."""
    with world.app.app_context():
        for number in range(1, 5):
            day = Term(2024, number).first + timedelta(days=20)
            crowd(world, 40, "47157", day)
            crowd(world, 30, "47310", day)
            crowd(world, 4 if number == 2 else 30, "47065", day)
        commit()
    for number in range(1, 5):
        published(world, Term(2024, number))
    published(world, Term(2024))
    with world.app.app_context():
        found = {
            (row.period, row.category): row.value
            for row in db.session.scalars(
                select(PublishedCell).where(
                    PublishedCell.breakdown == "commune", PublishedCell.indicator == "accompaniments"
                )
            )
        }
    assert found["2024-T1", "47065"] == 30
    assert found["2024-T2", "47065"] is None
    assert found.get(("2024", "47065")) is None
