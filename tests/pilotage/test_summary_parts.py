"""Summaries of a part of the territory: who is counted there, what is refused, what is read and printed."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.kernel import clock, ids
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.mediation.models import Participation, ParticipationFact
from app.people.models import Person
from app.pilotage import actions
from app.pilotage.formulas.terms import Term
from app.pilotage.models import PublishedCell, Summary
from app.pilotage.queries import summaries
from app.territory.actions import TerritoryData, set_territory
from app.territory.enums import TerritoryKind
from app.territory.queries import network_territory
from tests.pilotage.quarters import DAY, EPCI, FRAME, TERM, THREE, WORDS, crowd, rank, visit
from tests.pilotage.test_summaries import need
from tests.pilotage.test_summary_pages import page_words, spoken
from tests.support.pdf import pages_text
from tests.support.queries import count_queries
from tests.support.world import World

MARMANDE, TONNEINS, CLAIRAC = "47157", "47310", "47065"
AGEN, FOULAYRONNES = "47001", "47100"
OF_AGEN = "epci-200096956"
PART = f"commune-{MARMANDE}"


@pytest.fixture
def lived(world: World) -> World:
    """A département: many people in four communes of two intercommunalities, and many who live outside."""
    with world.app.app_context():
        set_territory(world.actors["coordinator"], TerritoryData(TerritoryKind.DEPARTEMENT, "47"))
        crowd(world, 40, MARMANDE, times=2)
        crowd(world, 25, TONNEINS)
        crowd(world, 30, AGEN)
        crowd(world, 20, FOULAYRONNES)
        crowd(world, 4, CLAIRAC)
        crowd(world, 15, "33063")
        for _one in range(15):
            visit(world, THREE[next(rank) % 3], ids.random_key(), anonymous=True, commune=TONNEINS)
        commit()
    return world


def publish(world: World, area: str = "reseau", term: Term = TERM) -> UUID:
    with world.app.app_context():
        made = actions.publish(world.actors["coordinator"], term, WORDS, FRAME, area).id
        commit()
    return made


def refused(world: World, area: str, kind: type[DomainError], term: Term = TERM) -> str:
    with world.app.app_context():
        with pytest.raises(kind) as found:
            actions.publish(world.actors["coordinator"], term, WORDS, FRAME, area)
        db.session.rollback()
        assert not list(db.session.scalars(select(Summary).where(Summary.area == area)))
    return str(found.value.message)


def told(world: World, area: str, period: str = TERM.key) -> dict[tuple[str, str, str], int | None]:
    with world.app.app_context():
        found = summaries.cells_of(period, area)
    return {(cell.key.indicator, cell.key.breakdown, cell.key.category): cell.value for cell in found}


def figures(codes: tuple[str, ...]) -> Any:
    db.session.flush()
    ours = tuple(one.key.removeprefix("commune-") for one in parts() if one.place.kind == "commune")
    return summaries.census(TERM, ours, FRAME.timezone, FRAME.days).part(frozenset(codes))


def parts() -> list[summaries.Zone]:
    return summaries.zones(network_territory())


# ------------------------------------------------------------------- who is counted


def test_a_commune_counts_the_people_that_the_network_counts_there(lived: World) -> None:
    publish(lived)
    publish(lived, PART)
    network, commune = told(lived, "reseau"), told(lived, PART)
    for indicator in ("people", "accompaniments"):
        assert commune[indicator, "", ""] == network[indicator, "commune", MARMANDE]
    assert commune["people", "", ""] == 40
    assert commune["accompaniments", "", ""] == 80


def test_an_intercommunality_is_the_sum_of_its_communes(lived: World) -> None:
    publish(lived)
    publish(lived, OF_AGEN)
    network, part = told(lived, "reseau"), told(lived, OF_AGEN)
    assert part["people", "", ""] == 50
    for code in (AGEN, FOULAYRONNES):
        assert part["people", "commune", code] == network["people", "commune", code]
    assert ("people", "commune", MARMANDE) not in part


def test_somebody_who_moved_is_in_one_part(lived: World) -> None:
    with lived.app.app_context():
        moved = ids.random_key()
        visit(lived, "library.adviser", moved, commune=MARMANDE)
        visit(lived, "library.adviser", moved, commune=AGEN, day=DAY + timedelta(days=2))
        before, after = figures((MARMANDE,)), figures((AGEN,))
        assert before.totals["people"].count.value == 40
        assert after.totals["people"].count.value == 31
        assert after.totals["accompaniments"].count.value == 32


def test_hours_and_workshops_are_of_the_network_alone_and_it_is_said(lived: World) -> None:
    made = publish(lived, PART)
    assert not {"hours", "workshops"} & {indicator for indicator, *_rest in told(lived, PART)}
    client = lived.client("elected")
    page = client.get(f"/pilotage/syntheses/{made}")
    assert "ne sont donnés que pour tout le réseau" in client.text(page)
    assert "Heures de séance" not in [one.get_text(strip=True) for one in client.select(page, ".definitions h3")]


def test_a_need_is_counted_where_the_person_lived_at_their_last_session(lived: World) -> None:
    with lived.app.app_context():
        amina = lived.people["amina"]
        db.session.execute(update(Person).where(Person.id == amina).values(commune_code=TONNEINS))
        need(lived, "library.adviser", TERM.first)
        assert figures((TONNEINS,)).totals["needs_opened"].count.value == 1
        fact = db.session.scalars(select(ParticipationFact).where(ParticipationFact.area_code == AGEN)).first()
        assert fact is not None
        where = Participation.id == fact.participation_id
        db.session.execute(update(Participation).where(where).values(person_id=amina))
        assert figures((TONNEINS,)).totals["needs_opened"].count.value == 0
        assert figures((AGEN,)).totals["needs_opened"].count.value == 1
        fact.held_on = TERM.last + timedelta(days=1)
        assert figures((TONNEINS,)).totals["needs_opened"].count.value == 1


def test_sessions_noted_after_the_first_summary_are_in_none_of_the_period(lived: World) -> None:
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        publish(lived)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        with lived.app.app_context():
            crowd(lived, 5, MARMANDE)
            commit()
        client = lived.client("coordinator")
        page = client.get(f"/pilotage/syntheses/preparer/{TERM.key}/{PART}")
        assert "les séances notées depuis ne sont pas comptées" in client.text(page)
        publish(lived, PART)
    assert told(lived, PART)["people", "", ""] == 40


def test_the_parts_of_a_territory(lived: World) -> None:
    with lived.app.app_context():
        kinds = [one.place.kind for one in parts()]
        assert {"epci", "commune"} == set(kinds)
        assert kinds == sorted(kinds, reverse=True)
        assert OF_AGEN in {one.key for one in parts()}
        set_territory(lived.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        assert {one.place.kind for one in parts()} == {"commune"}
        alone = TerritoryData(TerritoryKind.COMMUNES, None, (MARMANDE,))
        set_territory(lived.actors["coordinator"], alone)
        assert parts() == []


# ------------------------------------------------------------------- what is refused


def test_a_commune_with_too_few_people_is_refused_plainly(lived: World) -> None:
    assert "Trop peu de personnes" in refused(lived, f"commune-{CLAIRAC}", summaries.TooFew)
    assert "Trop peu de personnes" in refused(lived, "commune-47195", summaries.TooFew)
    client = lived.client("coordinator")
    page = client.get(f"/pilotage/syntheses/preparer/{TERM.key}/commune-{CLAIRAC}")
    assert page.status_code == 409
    assert "Trop peu de personnes" in client.text(page)
    assert client.text(page, "h1") == "Ce n’est pas possible pour l’instant"


def test_a_part_that_leaves_a_few_people_is_refused(world: World) -> None:
    with world.app.app_context():
        set_territory(world.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        crowd(world, 40, MARMANDE)
        crowd(world, 5, TONNEINS)
        commit()
    publish(world)
    assert "feraient deviner" in refused(world, PART, Conflict)


def test_the_network_is_refused_when_its_part_already_leaves_a_few(world: World) -> None:
    with world.app.app_context():
        set_territory(world.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        crowd(world, 40, MARMANDE)
        crowd(world, 5, TONNEINS)
        commit()
    publish(world, PART)
    assert "feraient deviner" in refused(world, "reseau", Conflict)


def test_the_hidden_companion_of_a_small_commune_is_not_told_by_its_own_summary(lived: World) -> None:
    """Clairac is told with the smallest of its intercommunality: the summary of that one would give it back."""
    publish(lived)
    assert told(lived, "reseau")["people", "commune", TONNEINS] is None
    assert "feraient deviner" in refused(lived, f"commune-{TONNEINS}", Conflict)


def test_a_territory_that_changed_since_adds_up_no_more(lived: World) -> None:
    publish(lived)
    with lived.app.app_context():
        set_territory(lived.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        commit()
    assert "a changé" in refused(lived, PART, Conflict)


def test_a_part_is_published_once_and_beside_the_network(lived: World) -> None:
    publish(lived, PART)
    publish(lived)
    with lived.app.app_context(), pytest.raises(Conflict, match="déjà publiée"):
        actions.publish(lived.actors["coordinator"], TERM, WORDS, FRAME, PART)


@pytest.mark.parametrize("area", ["commune-75056", "epci-200054781", "nulle-part", "commune-"])
def test_what_is_not_of_the_territory_is_not_found(lived: World, area: str) -> None:
    assert lived.client("coordinator").get(f"/pilotage/syntheses/preparer/{TERM.key}/{area}").status_code == 404
    with lived.app.app_context(), pytest.raises(NotFound):
        actions.publish(lived.actors["coordinator"], TERM, WORDS, FRAME, area)


# ------------------------------------------------------------------- screens


def test_a_part_is_chosen_prepared_published_and_read(lived: World) -> None:
    client = lived.client("coordinator")
    listed = client.get("/pilotage/syntheses")
    names = [one.get_text(strip=True) for one in client.select(listed, "#preparer-territoire option")]
    assert "Marmande" in names
    chosen = client.get(f"/pilotage/syntheses?periode={TERM.key}&territoire={PART}")
    assert chosen.location.endswith(f"/preparer/{TERM.key}/{PART}")
    form = client.get(chosen.location)
    assert "les personnes qui habitent Marmande" in client.text(form)
    refused_ = client.submit(form, comment=" ")
    assert refused_.status_code == 422
    done = client.submit(client.get(chosen.location), comment="Un trimestre calme.")
    assert done.status_code == 303
    assert client.get(chosen.location).location == done.location
    reader = lived.client("elected")
    page = reader.get(done.location)
    assert "Synthèse, 2e trimestre 2024 – Marmande" in reader.text(page, "h1")
    assert "Pas de carte" in reader.text(page)
    assert not reader.select(page, ".map")
    with lived.app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "summary.publish")).one()
        assert json.loads(entry.details)["area"] == PART


def test_paper_and_table_say_the_part(lived: World) -> None:
    for area, slug, name in (
        (PART, "marmande-47157", "Marmande"),
        (OF_AGEN, "agglomeration-d-agen-200096956", "Agen"),
    ):
        made = publish(lived, area)
        client = lived.client("elected")
        page = client.get(f"/pilotage/syntheses/{made}")
        paper = client.get(f"/pilotage/syntheses/{made}/synthese.pdf")
        assert spoken(paper.data) == page_words(page.get_data(as_text=True))
        assert name in pages_text(paper.data)[0]
        assert slug in paper.headers["Content-Disposition"]
        table = client.get(f"/pilotage/syntheses/{made}/chiffres.csv")
        rows = list(csv.DictReader(io.StringIO(table.get_data(as_text=True))))
        assert {row["zone"] for row in rows} == {area}


def test_the_list_is_filtered_by_place_and_the_network_alone_is_asked_for(lived: World) -> None:
    publish(lived, PART)
    coordinator = lived.client("coordinator")
    assert f'href="/pilotage/syntheses/preparer/{TERM.key}"' in coordinator.get("/pilotage/syntheses").get_data(
        as_text=True
    )
    publish(lived)
    client = lived.client("elected")
    assert len(client.select(client.get("/pilotage/syntheses"), "main tbody tr")) == 2
    rows = client.select(client.get(f"/pilotage/syntheses?territoire={PART}"), "main tbody tr")
    assert [("Marmande" in row.get_text()) for row in rows] == [True]
    none = client.get("/pilotage/syntheses?territoire=commune-47001")
    assert "Aucune synthèse de ce territoire" in client.text(none)


def test_a_part_is_withdrawn_alone_and_keeps_its_figures(lived: World) -> None:
    network, part = publish(lived), publish(lived, PART)
    client = lived.client("coordinator")
    assert client.submit(client.get(f"/pilotage/syntheses/{part}/retirer")).status_code == 303
    reader = lived.client("elected")
    assert reader.get(f"/pilotage/syntheses/{part}").status_code == 404
    assert reader.get(f"/pilotage/syntheses/{network}").status_code == 200
    again = publish(lived, PART)
    assert "40 personnes inscrites" in reader.text(reader.get(f"/pilotage/syntheses/{again}"))
    with lived.app.app_context():
        cells = db.session.scalars(select(PublishedCell.summary_id).where(PublishedCell.area == PART))
        assert set(cells) == {part}


def test_preparing_a_part_takes_few_queries_whatever_the_rows(lived: World) -> None:
    client = lived.client("coordinator")
    path = f"/pilotage/syntheses/preparer/{TERM.key}/{PART}"
    client.get(path)
    with lived.app.app_context(), count_queries(db.session) as few:
        client.get(path)
    with lived.app.app_context():
        crowd(lived, 30, MARMANDE)
        commit()
    with lived.app.app_context(), count_queries(db.session) as many:
        client.get(path)
    many.assert_same_as(few)
    few.assert_at_most(23)
    for listed, limit in (("coordinator", 8), ("elected", 4)):
        reader = lived.client(listed)
        reader.get("/pilotage/syntheses")
        with lived.app.app_context(), count_queries(db.session) as found:
            reader.get("/pilotage/syntheses")
        found.assert_at_most(limit)
