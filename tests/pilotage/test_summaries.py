"""Summaries: what is counted, published, refused, withdrawn; the page, the paper and the table say the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.kernel import clock, errors, ids
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.journal.models import JournalEntry
from app.kernel.opening_days import OpeningDays
from app.kernel.writes import commit
from app.mediation.enums import Channel, PlaceKind, SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.needs.enums import NeedKind, NeedResult, NeedState
from app.needs.models import Need
from app.people import policy as people_policy
from app.people.enums import AgeBand, Genre, SocialStatus
from app.pilotage import actions
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term
from app.pilotage.models import PublishedCell, Summary
from app.pilotage.queries import summaries
from app.pilotage.queries.summaries import AREA, Frame
from app.pilotage.secrecy import Counted
from app.territory.actions import TerritoryData, set_territory
from app.territory.enums import TerritoryKind
from tests.support.pdf import fonts, marks_drawn, outline, pages_text, tree, words
from tests.support.queries import count_queries
from tests.support.world import World

TERM = Term(2024, 2)
DAY = date(2024, 5, 14)
EPCI = "200030674"
THREE = ("library.adviser", "ccas.adviser", "fs.adviser")
FRAME = Frame("Europe/Paris", OpeningDays(), 11, "Réseau d’essai")
WORDS = SummaryData("Un trimestre calme.", "Ouvrir un lieu à Meilhan.")
rank = count()


def visit(
    world: World,
    who: str,
    subject: UUID,
    *,
    commune: str | None = "47157",
    day: date = DAY,
    anonymous: bool = False,
    band: AgeBand = AgeBand.FROM_40,
    kind: SessionKind = SessionKind.INDIVIDUEL,
    minutes: int = 30,
) -> None:
    """One accompaniment, as it is stored. Inside an application context."""
    actor = world.actors[who]
    session = SessionLog(
        id=ids.new_id(),
        kind=kind,
        held_on=day,
        minutes=minutes,
        place_kind=PlaceKind.A_DISTANCE,
        channel=Channel.TELEPHONE,
        materials=[],
        themes=[],
        demarches=[],
        organismes=[],
        acts=[],
        **people_policy.authorship(actor),
    )
    fact = ParticipationFact(
        subject_key=subject,
        anonymous=anonymous,
        held_on=day,
        structure_id=actor.structure_id,
        age_band=band,
        genre=Genre.FEMININ,
        statut_social=SocialStatus.RETRAITE,
        area_code=commune,
    )
    session.participations = [Participation(id=ids.new_id(), fact=fact)]
    db.session.add(session)


def crowd(world: World, people: int, commune: str = "47157", day: date = DAY, times: int = 1) -> list[UUID]:
    """So many people of a commune, met by three advisers in turn."""
    made = [ids.random_key() for _one in range(people)]
    for subject in made:
        for _time in range(times):
            visit(world, THREE[next(rank) % 3], subject, commune=commune, day=day)
    return made


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


@pytest.fixture
def lived(world: World) -> World:
    """A territory of 43 communes and a quarter with enough people to be told, and some communes too small."""
    with world.app.app_context():
        set_territory(world.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        crowd(world, 40, "47157", times=2)
        crowd(world, 25, "47310")
        crowd(world, 4, "47065")
        crowd(world, 9, "47301")
        for _one in range(12):
            visit(world, THREE[next(rank) % 3], ids.random_key(), anonymous=True, commune=None)
        commit()
    return world


def published(world: World, term: Term = TERM, words_: SummaryData = WORDS) -> UUID:
    with world.app.app_context():
        made = actions.publish(world.actors["coordinator"], term, words_, FRAME).id
        commit()
    return made


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


# ------------------------------------------------------------------- screens


def test_the_coordinator_prepares_reads_comments_and_publishes(lived: World) -> None:
    client = lived.client("coordinator")
    listed = client.get("/pilotage/syntheses")
    assert "Aucune synthèse publiée" in client.text(listed)
    assert f"/pilotage/syntheses/preparer/{TERM.key}" in listed.get_data(as_text=True)
    form = client.get(f"/pilotage/syntheses/preparer/{TERM.key}")
    assert "78 personnes inscrites ont été accompagnées" in client.text(form)
    refused = client.submit(form, comment="Son NIR est 2 58 01 99 341 012 77.")
    assert refused.status_code == 422
    assert "sécurité sociale" in client.text(refused)
    empty = client.submit(client.get(f"/pilotage/syntheses/preparer/{TERM.key}"), comment=" ")
    assert empty.status_code == 422
    done = client.submit(form, comment="Un trimestre calme.", proposals="Ouvrir un lieu.\nPrêter des ordinateurs.")
    assert done.status_code == 303
    page = lived.client("elected").get(done.location)
    text = lived.client("elected").text(page)
    assert "Un trimestre calme." in text
    assert "Prêter des ordinateurs." in text
    assert client.get(f"/pilotage/syntheses/preparer/{TERM.key}").status_code == 303


def test_the_page_has_its_four_figures_with_their_definitions(lived: World) -> None:
    client = lived.client("elected")
    page = client.get(f"/pilotage/syntheses/{published(lived)}")
    figures_shown = client.select(page, ".key-figure")
    assert [words(one.select_one(".key-figure__value").get_text())[0] for one in figures_shown] == [
        "78",
        "130",
        "0",
        "–",
    ]
    assert all(one.select_one("details.definition p").get_text(strip=True) for one in figures_shown)
    assert client.select(page, ".map svg[role=img]")


def test_small_communes_are_told_together_and_zero_is_not_hidden(lived: World) -> None:
    client = lived.client("elected")
    page = client.get(f"/pilotage/syntheses/{published(lived)}")
    table = next(one for one in client.select(page, "table") if "Par commune" in one.caption.get_text())
    rows = [[words_of(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")[1:]]
    assert ["Marmande", "40", "80"] in rows
    assert ["Ensemble : Clairac, Seyches", "13", "13"] in rows
    assert not any(row[0] == "Clairac" for row in rows)


def test_a_quarter_without_anything(world: World) -> None:
    client = world.client("elected")
    text = client.text(client.get(f"/pilotage/syntheses/{published(world)}"))
    assert "le réseau n’a noté aucun accompagnement" in text


def test_comparisons_are_with_published_figures(lived: World) -> None:
    with lived.app.app_context():
        crowd(lived, 60, day=date(2024, 2, 6))
        commit()
    published(lived, Term(2024, 1))
    client = lived.client("elected")
    text = client.text(client.get(f"/pilotage/syntheses/{published(lived)}"))
    assert "18 de plus que pour le 1er trimestre 2024 (60)." in text
    assert "Pas de comparaison avec le 2e trimestre 2023" in text
    assert "Pas de comparaison avec le 1er trimestre 2024" not in text


def test_pages_take_few_queries(lived: World) -> None:
    made = published(lived)
    client = lived.client("elected")
    for path, limit in ((f"/pilotage/syntheses/{made}", 4), ("/pilotage/syntheses", 4)):
        client.get(path)
        with lived.app.app_context(), count_queries(db.session) as found:
            client.get(path)
        found.assert_at_most(limit)
    client = lived.client("coordinator")
    client.get("/pilotage/syntheses/preparer/2024-T1")
    with lived.app.app_context(), count_queries(db.session) as found:
        client.get("/pilotage/syntheses/preparer/2024-T1")
    found.assert_at_most(22)


# ------------------------------------------------------------------- paper and table


def test_the_paper_says_every_word_of_the_page_in_order(lived: World) -> None:
    client = lived.client("elected")
    made = published(lived)
    page = client.get(f"/pilotage/syntheses/{made}")
    paper = client.get(f"/pilotage/syntheses/{made}/synthese.pdf").data
    assert spoken(paper) == page_words(page.get_data(as_text=True))


def page_words(markup: str) -> list[str]:
    """What the page says, without what only a screen has: the map’s buttons and its drawing, « ? », links."""
    soup = BeautifulSoup(markup, "html.parser")
    article = soup.select_one("article.summary")
    assert article is not None
    for gone in article.select("details.definition, figure.map, .all-definitions > summary"):
        gone.decompose()
    title = soup.select_one("h1")
    assert title is not None
    return words(title.get_text(" ") + " " + article.get_text(" "))


def spoken(paper: bytes) -> list[str]:
    """What a screen reader says of the document: its tree, alternatives of figures left out, bullets too."""
    texts = marked_texts(paper)
    said = []
    for element in tree(paper).all():
        if element.tag not in {"Figure", "Lbl"}:
            said += [element.actual] if element.actual else [texts[mark] for mark in element.marks]
    return words(" ".join(said))


def marked_texts(paper: bytes) -> dict[tuple[int, int], str]:
    """The characters of each marked content."""
    found: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(paper)
    for rank_, page in enumerate(document):
        shown = page.get_textpage()
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            number = pypdfium2.raw.FPDFPageObj_GetMarkedContentID(item.raw)
            found[rank_, number] = found.get((rank_, number), "") + text_of(item, shown)
        shown.close()
        page.close()
    document.close()
    return found


def text_of(item: pypdfium2.PdfObject, shown: pypdfium2.PdfTextPage) -> str:
    length = pypdfium2.raw.FPDFTextObj_GetText(item.raw, shown.raw, None, 0)
    buffer = (pypdfium2.raw.FPDF_WCHAR * length)()
    pypdfium2.raw.FPDFTextObj_GetText(item.raw, shown.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\x00")


def test_the_paper_is_tagged_light_and_whole(lived: World) -> None:
    paper = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/synthese.pdf").data
    assert len(paper) < 1_000_000
    assert set(fonts(paper).values()) == {(True, True)}
    root = tree(paper)
    assert {mark for element in root.all() for mark in element.marks} == marks_drawn(paper)
    (figure,) = root.all("Figure")
    assert "Marmande (40)" in figure.alt.replace("\u00a0", " ")
    assert outline(paper)[0] == "Synthèse, 2e trimestre 2024"
    assert {"  Le public", "  Les demandes", "  Le réseau", "  Ce qui bloque", "  Définitions"} <= set(outline(paper))
    assert all(one.scope for one in root.all("TH"))
    first = pages_text(paper)[0]
    assert "Personnes accompagnées, par commune" in first


def test_the_map_on_paper_is_made_of_vectors(lived: World) -> None:
    paper = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/synthese.pdf").data
    document = pypdfium2.PdfDocument(paper)
    kinds = [item.type for item in document[0].get_objects()]
    document.close()
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_PATH) > 2
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_the_table_tells_hidden_from_zero(lived: World) -> None:
    answer = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/chiffres.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    found = {(row["indicateur"], row["ventilation"], row["categorie"]): (row["valeur"], row["masque"]) for row in rows}
    assert found["people", "commune", "47157"] == ("40", "0")
    assert found["people", "commune", "47065"] == ("", "1")
    assert found["needs_opened", "", ""] == ("0", "0")


def words_of(cell: object) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", cell.get_text()).strip()  # type: ignore[attr-defined]


def test_the_area_of_the_grid_is_the_whole_network() -> None:
    assert AREA == "reseau"
