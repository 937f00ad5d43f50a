"""The sharing card at the referent’s desk: made, replaced, cancelled, printed; what ends it; merged, erased, purged."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
import segno
from sqlalchemy import func, select

from app.kernel import clock, grants, scan
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.writes import commit
from app.network.models import Place, Structure
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions import likeness, merging
from app.people.actions.merging import MergeData
from app.people.enums import AgeStatus, CardEnd, Representative
from app.people.models import CardNotice, CardTry, Consent, DuplicatePair, Person, SharingCard
from app.people.pdf import HIGH, QR_SIDE, WIDE, Paper, sharing_card
from app.privacy import actions as privacy
from tests.people.deck import OPEN, WORD, card_of, code_of, made, make, present
from tests.people.helpers import add, journal, whole_journal
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World


@pytest.fixture
def desk(world: World) -> InspectingClient:
    return world.client("library.desk")


def test_it_is_proposed_and_never_forced(world: World, desk: InspectingClient) -> None:
    amina = world.people["amina"]
    page = desk.get(f"/personnes/{amina}")
    assert "La personne n’en a pas." in desk.text(page, "#carte")
    assert desk.get(f"/personnes/{amina}/carte/papier").status_code == 404
    assert desk.get(f"/personnes/{amina}/carte/annuler").status_code == 404
    assert make(desk, amina).status_code == 303
    assert "L’imprimer, la remplacer, l’annuler" in desk.text(desk.get(f"/personnes/{amina}"), "#carte")


def test_the_word_and_the_code_are_kept_nowhere(world: World, desk: InspectingClient) -> None:
    make(desk, world.people["amina"])
    code = code_of(world, world.people["amina"])
    with world.app.app_context():
        found = scan.scan_tables(db.session.connection(), (WORD, WORD.lower(), code, cards.shown_code(code)))
    assert found == []
    assert [entry.person_id for entry in journal(world, "card.make")] == [world.people["amina"]]


@pytest.mark.parametrize("word", ["", "été", "Amina", "benali", "lune1958", "123456", "secret"])
def test_a_word_that_others_would_guess_is_refused_in_words(world: World, desk: InspectingClient, word: str) -> None:
    page = make(desk, world.people["amina"], secret_word=word)
    assert page.status_code == 422
    assert desk.select(page, "#secret_word[aria-invalid=true]")
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SharingCard)) == 0


def test_the_person_has_to_be_there(world: World, desk: InspectingClient) -> None:
    page = make(desk, world.people["amina"], present=False)
    assert (page.status_code, "La carte se fait avec la personne" in desk.text(page)) == (422, True)


def test_an_unknown_birth_year_is_asked_and_written(world: World, desk: InspectingClient) -> None:
    person_id = add(world, "library.adviser", "Sans", "Année")
    assert make(desk, person_id).status_code == 422
    assert make(desk, person_id, secret_year="2020").status_code == 422, "an adult was not born in 2020"
    assert make(desk, person_id, secret_year="1971").status_code == 303
    with world.app.app_context():
        assert db.session.get_one(Person, person_id).birth_year == 1971
    assert journal(world, "person.correct")[0].person_id == person_id
    assert not desk.select(desk.get(f"/personnes/{person_id}/carte"), "#secret_year")


def test_before_fifteen_the_representative_is_there(world: World, desk: InspectingClient) -> None:
    year = world.today.year - 10
    child = add(world, "library.adviser", "", "", birth_year=year, age_status=AgeStatus.ADULT)
    with world.app.app_context():
        db.session.get_one(Person, child).age_status = AgeStatus.UNDER_15
        commit()
    page = make(desk, child)
    assert (page.status_code, "Avant 15 ans" in desk.text(page)) == (422, True)
    assert make(desk, child, representative="parent").status_code == 303
    assert card_of(world, child).representative is Representative.PARENT


def test_no_card_without_an_agreement(world: World, desk: InspectingClient) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        consent = db.session.scalars(select(Consent).where(Consent.person_id == amina)).one()
        consent.starts_on = consent.ends_on = world.today - timedelta(days=1)
        commit()
    page = desk.get(f"/personnes/{amina}/carte")
    assert not desk.select(page, "#carte")
    assert "Il faut d’abord l’accord" in desk.text(page)
    assert not desk.select(desk.get(f"/personnes/{amina}"), "#carte")
    forged = {"present": "y", "secret_word": WORD, "form_key": "0e9f3e1e-6a55-4b62-9c59-2d1a0e1f7a11"}
    token = desk.select(desk.get(f"/personnes/{amina}/corriger"), "input[name=csrf_token]")[0]["value"]
    assert desk.post(f"/personnes/{amina}/carte", data={**forged, "csrf_token": token}).status_code == 422


def test_no_card_from_a_structure_without_an_agreement_of_the_network(world: World) -> None:
    with world.app.app_context():
        structure = db.session.get_one(Structure, world.structures["library"])
        structure.agreement_ended_on = world.today
        commit()
    desk = world.client("library.desk")
    page = desk.get(f"/personnes/{world.people['amina']}/carte")
    assert "pas de convention signée" in desk.text(page)


def test_only_the_referent_keeps_the_card(world: World) -> None:
    code = made(world)
    fs = world.client("fs.adviser")
    assert present(fs, code).status_code == 303
    amina = world.people["amina"]
    for way in ("carte", "carte/papier", "carte/annuler"):
        assert fs.get(f"/personnes/{amina}/{way}").status_code == 404
    with world.app.app_context():
        actor = world.actors["fs.adviser"]
        granted = grants.on_person(actor, amina)
        with pytest.raises(NotFound):
            card_actions.cancel_card(actor, granted)


def test_another_card_takes_the_place_of_the_first(world: World, desk: InspectingClient) -> None:
    amina, first = world.people["amina"], made(world)
    assert make(desk, amina, secret_word="Capucine").status_code == 303
    second = code_of(world, amina)
    fs = world.client("fs.adviser")
    assert second != first
    assert present(fs, first).status_code == 422
    assert present(fs, second).status_code == 422, "the word changed too"
    assert present(fs, second, word="capucine").status_code == 303
    assert "Remplacée" in desk.text(desk.get(f"/personnes/{amina}/carte"))


def test_cancelled_it_opens_nothing_and_its_word_is_gone(world: World, desk: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    page = desk.get(f"/personnes/{amina}/carte/annuler")
    assert desk.submit(page, "#annuler").status_code == 303
    card = card_of(world, amina)
    assert (card.end_cause, card.word_hash) == (CardEnd.CANCELLED, "")
    assert present(world.client("fs.adviser"), code).status_code == 422
    assert desk.get(f"/personnes/{amina}/carte/papier").status_code == 404


def test_taking_the_agreement_back_ends_the_card_and_what_it_opened_at_once(
    world: World, desk: InspectingClient
) -> None:
    amina, code = world.people["amina"], made(world)
    fs = world.client("fs.adviser")
    assert present(fs, code).status_code == 303
    consent = desk.select(desk.get(f"/personnes/{amina}"), "#accords a[href$='/retirer']")[0]["href"]
    assert desk.submit(desk.get(str(consent)), "#retirer").status_code == 303
    assert card_of(world, amina).end_cause is CardEnd.CONSENT
    assert fs.get(f"/personnes/{amina}").status_code == 404
    assert present(fs, code).status_code == 422
    assert fs.get(f"/personnes/{amina}/rester-suivie").status_code == 200, "it may ask, in words"
    page = fs.submit(fs.get(f"/personnes/{amina}/rester-suivie"), "#rester", present=True)
    assert (page.status_code, "Il faut l’accord" in fs.text(page)) == (422, True)


def test_a_refusal_when_asked_again_ends_it_too(world: World, desk: InspectingClient) -> None:
    amina = world.people["amina"]
    made(world)
    assert desk.submit(desk.get(f"/personnes/{amina}/accord"), "#accord", answer="refused").status_code == 303
    assert card_of(world, amina).end_cause is CardEnd.CONSENT


# ---------------------------------------------------------------- on paper


def paper(world: World, **values: str) -> Paper:
    known = {"code": "K7MQ2XAB", "network": "Réseau d’essai", "structure": "Médiathèque", "phone": "05 53 00 00 00"}
    return Paper(**{**known, **values}, made_at=clock.now())


def read(made_pdf: bytes) -> str:
    with pypdfium2.PdfDocument(made_pdf) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_paper_says_the_code_and_nothing_of_the_person(world: World, desk: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    answer = desk.get(f"/personnes/{amina}/carte/papier")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    text = read(answer.data)
    assert all(part in text for part in (code[:4], code[4:], "Réseau d’essai", "Médiathèque de Marmande"))
    assert not [word for word in ("Amina", "Benali", "1958", WORD, WORD.lower(), "612345678") if word in text]
    assert [entry.person_id for entry in journal(world, "card.print")] == [amina]


@pytest.mark.parametrize("flag", ["sensitive", "under_secrecy"])
def test_a_structure_whose_name_would_say_too_much_is_not_on_it(world: World, flag: str) -> None:
    made(world)
    with world.app.app_context():
        setattr(db.session.get_one(Structure, world.structures["library"]), flag, True)
        commit()
    text = read(world.client("library.desk").get(f"/personnes/{world.people['amina']}/carte/papier").data)
    assert "Médiathèque" not in text
    assert "la structure qui vous a remis cette carte" in " ".join(text.split())


def test_the_phone_of_the_structure_is_on_it(world: World) -> None:
    made(world)
    with world.app.app_context():
        place = db.session.get_one(Place, world.places["library"])
        place.details = {"telephone": "+33553000000"}
        commit()
    text = read(world.client("library.desk").get(f"/personnes/{world.people['amina']}/carte/papier").data)
    assert "05 53 00 00 00" in text.replace("\u00a0", " ")


def test_the_card_has_the_size_of_a_bank_card_and_the_sheet_is_tagged(world: World) -> None:
    with world.app.app_context():
        made_pdf = sharing_card(paper(world))
    assert (round(WIDE / 72 * 25.4, 1), round(HIGH / 72 * 25.4, 1)) == (85.6, 54.0)
    with pikepdf.open(BytesIO(made_pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert [round(float(side)) for side in document.pages[0].MediaBox] == [0, 0, 595, 842]
        assert "K7MQ 2XAB" in "".join(str(value) for value in _alternatives(document.Root.StructTreeRoot))


def _alternatives(node: pikepdf.Object) -> list[object]:
    found = [node.Alt] if "/Alt" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        found += _alternatives(kid) if isinstance(kid, pikepdf.Dictionary) else []
    return found


def test_the_square_to_scan_holds_the_code_alone(world: World) -> None:
    """Every module of the drawing, at its place on the card, is that of the code."""
    with world.app.app_context():
        made_pdf = sharing_card(paper(world))
    wanted = [list(row) for row in segno.make("K7MQ2XAB", error="m", micro=False).matrix_iter(border=4)]
    with pypdfium2.PdfDocument(made_pdf) as document:
        picture = document[0].render(scale=6).to_pil().convert("L")
    side, size = QR_SIDE / len(wanted) * 6, len(wanted)
    left, top = _corner(picture, side)
    seen = [
        [
            int(picture.getpixel((int(left + (x - 3.5) * side), int(top + (y - 3.5) * side))) < 128)
            for x in range(4, size - 4)
        ]
        for y in range(4, size - 4)
    ]
    assert seen == [row[4:-4] for row in wanted[4:-4]]


def _corner(picture, side: float) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """The upper left corner of the first finder pattern: seven dark modules in a row, at the right of the card."""
    across = int(7 * side)
    for y in range(picture.height // 2):
        row = [picture.getpixel((x, y)) < 128 for x in range(picture.width // 4, picture.width * 3 // 5)]
        for at in range(len(row) - across):
            if all(row[at : at + across - 2]) and not row[at + across + 3]:
                return picture.width // 4 + at, y
    raise AssertionError("no square on the sheet")


# ---------------------------------------------------------------- merged, erased, purged


def _merge(world: World, kept: UUID, removed: UUID) -> UUID:
    with world.app.app_context():
        for one in (kept, removed):
            likeness.look_at(one, world.today)
        pair = db.session.scalars(select(DuplicatePair)).one()
        older = min((kept, removed))
        keep = "a" if kept == older else "b"
        done = merging.merge(world.actors["library.adviser"], pair.id, MergeData(keep=keep), world.today)
        assert done.kept_id == kept
        commit()
        merge_id = done.id
        db.session.remove()
    return merge_id


def _twins(world: World) -> None:
    known = {"phone": "+33612340000", "birth_year": 1958}
    for name in ("one", "two"):
        world.people[name] = add(world, "library.adviser", "Zohra", "Kaci", **known)


@pytest.mark.parametrize("with_card", [("one",), ("two",), ("one", "two")])
def test_two_records_that_become_one_have_one_card(world: World, with_card: tuple[str, ...]) -> None:
    _twins(world)
    codes = {name: made(world, name) for name in with_card}
    merge_id = _merge(world, world.people["one"], world.people["two"])
    fs = world.client("fs.adviser")
    kept = codes.get("one", codes.get("two"))
    assert kept is not None
    answer = present(fs, kept)
    assert (answer.status_code, answer.location) == (303, f"/personnes/{world.people['one']}")
    if len(codes) == 2:
        assert present(fs, codes["two"]).status_code == 422
    with world.app.app_context():
        merging.undo(world.actors["library.adviser"], merge_id)
        commit()
        db.session.remove()
    for name, code in codes.items():
        assert present(world.client("ccas.adviser"), code).location == f"/personnes/{world.people[name]}"


def test_erasing_somebody_erases_their_cards(world: World) -> None:
    code = made(world)
    fs = world.client("fs.adviser")
    assert present(fs, code).status_code == 303
    with world.app.app_context():
        privacy.anonymise(None, world.people["amina"])
        commit()
        for model in (SharingCard, CardNotice):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert present(world.client("ccas.adviser"), code).status_code == 422


def test_tries_and_old_notices_are_forgotten(world: World) -> None:
    code = made(world)
    present(world.client("fs.adviser"), code, word="autre mot")
    present(world.client("fs.adviser"), code)
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CardTry)) == 1
        with clock.fixed(clock.now() + cards.WINDOW + timedelta(minutes=1)):
            card_actions.purge_cards()
        assert db.session.scalar(select(func.count()).select_from(CardTry)) == 0
        assert db.session.scalar(select(func.count()).select_from(CardNotice)) == 1
        with clock.fixed(clock.now() + timedelta(days=366)):
            card_actions.purge_cards()
        assert db.session.scalar(select(func.count()).select_from(CardNotice)) == 0


def test_what_was_said_is_not_kept_with_a_form_that_waits(world: World) -> None:
    """The session expired while the person was speaking: neither word, year nor code stays on the server."""
    code = made(world)
    client = world.client("fs.adviser")
    page = client.get(OPEN)
    said = {"present": True, "code": code, "secret_year": "1958", "secret_word": "Gargouille"}
    with clock.fixed(clock.now() + timedelta(hours=9)):
        assert client.submit(page, "#ouvrir", data=said).status_code == 303
    with world.app.app_context():
        found = scan.scan_tables(db.session.connection(), ("Gargouille", code, "secret_year"))
    assert found == []


def test_the_journal_never_holds_what_was_said(world: World) -> None:
    code = made(world)
    fs = world.client("fs.adviser")
    present(fs, code, word="Gargouille")
    present(fs, code)
    words = whole_journal(world).lower()
    assert not [one for one in (code.lower(), "gargouille", WORD.lower(), "1958") if one in words]


def test_the_card_page_asks_the_same_of_the_database_whatever_its_history(world: World, desk: InspectingClient) -> None:
    amina = world.people["amina"]
    made(world)
    with world.app.app_context():
        bind = db.engine
    desk.get(f"/personnes/{amina}/carte")
    with count_queries(bind) as few:
        desk.get(f"/personnes/{amina}/carte")
    for _rank in range(5):
        made(world)
    with count_queries(bind) as many:
        desk.get(f"/personnes/{amina}/carte")
    many.assert_same_as(few)
    few.assert_at_most(16)
