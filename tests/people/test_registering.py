"""« Inscrire une personne »: what is kept, what is refused and said, what is never asked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.people.enums import AgeStatus, ConsentAnswer, ConsentWay, FollowUpKind, Genre, NoticeWay, SocialStatus
from app.people.models import Consent, FollowUp, Notice, SearchKeyRow
from tests.people.helpers import found, only_new, person_count, register, whole_journal
from tests.support.pages import InspectingClient
from tests.support.world import World

LONG = "é" * 300


@pytest.fixture
def desk(world: World) -> InspectingClient:
    return world.client("library.desk")


def test_everything_typed_is_kept(world: World, desk: InspectingClient) -> None:
    answer = register(
        desk,
        first_name="Éloïse",
        last_name="O'Brien",
        phone="06 12 34 56 78",
        no_message=True,
        birth_year="1958",
        commune="47200 marmande",
        genre="feminin",
        statut_social="retraite",
        adaptation=["vue", "calme"],
        languages=["ar"],
        interpreter=True,
    )
    person = only_new(world)
    assert answer.status_code == 303
    assert answer.location == f"/personnes/{person.id}"
    assert (person.identity.first_name, person.identity.last_name) == ("Éloïse", "O'Brien")
    assert (person.identity.phone, person.identity.no_message) == ("+33612345678", True)
    assert (person.birth_year, person.age_status, person.commune_code) == (1958, AgeStatus.ADULT, "47157")
    assert (person.genre, person.statut_social) == (Genre.FEMININ, SocialStatus.RETRAITE)
    assert person.adaptation is not None
    assert (person.adaptation.needs, person.adaptation.languages) == (["vue", "calme"], ["ar"])
    assert person.adaptation.interpreter is True
    assert person.referent_structure_id == world.structures["library"]


def test_the_notice_and_the_refusal_are_recorded(world: World, desk: InspectingClient) -> None:
    register(desk, first_name="Rose", notice_way="read_aloud", answer="refused")
    person = only_new(world)
    with world.app.app_context():
        notice = db.session.scalars(select(Notice).where(Notice.person_id == person.id)).one()
        consent = db.session.scalars(select(Consent).where(Consent.person_id == person.id)).one()
        follow_up = db.session.scalars(select(FollowUp).where(FollowUp.person_id == person.id)).one()
        assert (notice.way, notice.text_version) == (NoticeWay.READ_ALOUD, "2026-11")
        assert (consent.answer, consent.sections, consent.ends_on) == (ConsentAnswer.REFUSED, Section(0), None)
        assert follow_up.kind is FollowUpKind.REFERENT


def test_an_agreement_shares_nothing_sensitive_unless_chosen(world: World, desk: InspectingClient) -> None:
    register(desk, first_name="Rose", answer="given", way="written")
    first = only_new(world)
    page = desk.get("/personnes/nouvelle")
    ticked = {int(tag["value"]) for tag in desk.select(page, "input[name=sections][checked]")}
    offered = {int(tag["value"]) for tag in desk.select(page, "input[name=sections]")}
    assert sum(ticked) == int(SHARED_BY_DEFAULT & ~Section.IDENTITY)
    assert int(Section.ANSWERS) not in offered
    assert int(Section.ADAPTATION) in offered - ticked
    with world.app.app_context():
        consent = db.session.scalars(select(Consent).where(Consent.person_id == first.id)).one()
        assert (consent.answer, consent.way, consent.sections) == (
            ConsentAnswer.GIVEN,
            ConsentWay.WRITTEN,
            SHARED_BY_DEFAULT,
        )
        assert consent.ends_on is not None
        assert (consent.ends_on - consent.starts_on).days == 365


def test_only_the_chosen_sections_are_shared(world: World, desk: InspectingClient) -> None:
    register(desk, first_name="Rose", answer="given", sections=[str(int(Section.NEEDS))])
    person = only_new(world)
    with world.app.app_context():
        consent = db.session.scalars(select(Consent).where(Consent.person_id == person.id)).one()
        assert consent.sections == Section.IDENTITY | Section.NEEDS


def test_raw_answers_cannot_be_slipped_into_an_agreement(world: World, desk: InspectingClient) -> None:
    before = person_count(world)
    page = desk.get("/personnes/nouvelle")
    fields = {"notice_way": "paper", "answer": "given", "first_name": "Rose"}
    refused = desk.submit(page, "#inscrire", data=fields, forged={"sections": str(int(Section.ANSWERS))})
    assert refused.status_code == 422
    assert person_count(world) == before


def test_without_a_name_a_code_is_handed_over(world: World, desk: InspectingClient) -> None:
    answer = register(desk)
    person = only_new(world)
    page = desk.get(answer.location)
    assert person.identity.display_name == ""
    assert desk.text(page, "h1") == person.code
    assert desk.select(page, f'a[href="/personnes/{person.id}/coupon"]')
    slip = desk.get(f"/personnes/{person.id}/coupon")
    assert person.code in desk.text(slip)
    assert found(desk, person.code) == [person.code]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),
        ("0590 12 34 56", "+590590123456"),
        ("+687 75 12 34", "+687751234"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_a_phone_in_any_notation(world: World, desk: InspectingClient, typed: str, kept: str) -> None:
    assert register(desk, first_name="Rose", phone=typed).status_code == 303
    assert only_new(world).identity.phone == kept


NIR = "2 58 05 47 157 004"
CARD = "4970 1012 3456 7893"
REFUSED: list[tuple[str, str, str]] = [
    ("phone", "12", "n’est pas reconnu"),
    ("phone", "chez sa fille", "n’est pas reconnu"),
    ("birth_year", "1899", "entre 1900 et cette année"),
    ("birth_year", "2999", "entre 1900 et cette année"),
    ("birth_year", "58", "quatre chiffres"),
    ("birth_year", "mille", "quatre chiffres"),
    ("first_name", "a" * 301, "trop long"),
    ("last_name", "a" * 301, "trop long"),
    ("last_name", "2 58 05 47 157 004 45", "sécurité sociale"),
    ("first_name", "4970 1012 3456 7890", "carte bancaire"),
    ("last_name", "mot de passe : Soleil47!", "mot de passe"),
    ("commune", "mot de passe : Soleil47!", "mot de passe"),
    ("commune", "Zorglubville", "n’est pas reconnue"),
    ("commune", "Saint-Denis", "Plusieurs communes"),
    ("commune", "a" * 101, "trop long"),
]


@pytest.mark.parametrize(("field", "typed", "said"), REFUSED)
def test_a_mistake_is_said_and_the_text_stays(
    world: World, desk: InspectingClient, field: str, typed: str, said: str
) -> None:
    typed = _true_numbers(typed)
    before = person_count(world)
    page = register(desk, **{"first_name": "Rosalie", field: typed})
    assert page.status_code == 422
    assert said in desk.text(page, f".field:has([name={field}]) .field__error")
    assert desk.select(page, f"[name={field}]")[0]["value"] == typed
    assert person_count(world) == before


def _true_numbers(typed: str) -> str:
    """The control keys of the numbers of the table, computed, so that they look true."""
    if typed.startswith("2 58"):
        body = int(typed.replace(" ", "")[:13])
        return f"{typed[:-2]}{97 - body % 97:02d}"
    if typed.startswith("4970"):
        return typed[:-1] + _luhn_digit(typed.replace(" ", "")[:-1])
    return typed


def _luhn_digit(body: str) -> str:
    doubled = (int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(body)))
    return str(-sum(value - 9 * (value > 9) for value in doubled) % 10)


def test_the_notice_and_the_answer_are_needed(world: World, desk: InspectingClient) -> None:
    before = person_count(world)
    page = desk.submit(desk.get("/personnes/nouvelle"), "#inscrire", first_name="Rose")
    summary = desk.text(page, ".error-summary")
    assert page.status_code == 422
    assert "la notice" in summary
    assert "registre partagé" in summary
    assert summary.index("la notice") < summary.index("registre partagé")
    assert person_count(world) == before


@pytest.mark.parametrize(
    "name", ["🌻 Fleur", "علي محمد", LONG, "O'Brien", "<script>alert(1)</script>", "李小龙", "Łucja & Søren", "Lê"]
)
def test_any_true_name_is_kept_and_shown_as_it_is(world: World, desk: InspectingClient, name: str) -> None:
    answer = register(desk, last_name=name)
    assert answer.status_code == 303
    assert only_new(world).identity.last_name == name
    page = desk.get(answer.location)
    assert desk.text(page, "h1") == name
    assert not desk.select(page, "h1 script")
    assert name in desk.text(desk.get("/personnes"), "tbody")


def test_control_and_direction_characters_do_not_turn_the_page_around(world: World, desk: InspectingClient) -> None:
    assert register(desk, last_name="Du\u202epont\x07").status_code == 303
    assert only_new(world).identity.last_name == "Dupont"


@pytest.mark.parametrize(
    ("typed", "code"), [("Marmande", "47157"), ("marmande (47)", "47157"), ("97400", "97411"), ("paris 12", "75112")]
)
def test_a_commune_without_doubt_is_resolved_silently(
    world: World, desk: InspectingClient, typed: str, code: str
) -> None:
    register(desk, first_name="Rose", commune=typed)
    assert only_new(world).commune_code == code


def test_checking_the_commune_writes_nothing_and_loses_nothing(world: World, desk: InspectingClient) -> None:
    before = person_count(world)
    page = desk.get("/personnes/nouvelle")
    fields = {"notice_way": "paper", "first_name": "Rose", "commune": "saint-denis"}
    checked = desk.submit(page, "#inscrire", data=fields, button="verifier_commune")
    assert person_count(world) == before
    assert desk.select(checked, "[name=first_name]")[0]["value"] == "Rose"
    assert desk.select(checked, "[name=notice_way][checked]")[0]["value"] == "paper"
    assert len(desk.select(checked, ".error-summary li")) == 1
    choices = [tag["value"] for tag in desk.select(checked, "[name=commune-choix]")]
    assert {"97411", "93066"} <= set(choices)
    sent = desk.submit(checked, "#inscrire", data={"commune-choix": "93066", "answer": "refused"})
    assert sent.status_code == 303
    assert only_new(world).commune_code == "93066"


def test_a_choice_of_commune_is_forgotten_when_the_text_changes(world: World, desk: InspectingClient) -> None:
    page = desk.get("/personnes/nouvelle")
    checked = desk.submit(page, "#inscrire", data={"commune": "saint-denis"}, button="verifier_commune")
    fields = {"commune-choix": "93066", "commune": "Marmande", "notice_way": "paper", "answer": "refused"}
    desk.submit(checked, "#inscrire", data=fields)
    assert only_new(world).commune_code == "47157"


def test_the_same_form_twice_registers_once(world: World, desk: InspectingClient) -> None:
    page = desk.get("/personnes/nouvelle")
    fields: dict[str, Any] = {"notice_way": "paper", "answer": "given", "first_name": "Rose"}
    first = desk.submit(page, "#inscrire", data=fields)
    count = person_count(world)
    again = desk.submit(page, "#inscrire", data=fields)
    other = desk.submit(page, "#inscrire", data={**fields, "first_name": "Lila"})
    assert again.location == first.location
    assert other.status_code == 409
    assert person_count(world) == count


def test_somebody_known_elsewhere_is_registered_like_anybody(world: World) -> None:
    client = world.client("fs.adviser")
    fields = {"last_name": "Benali", "phone": "0612345678", "birth_year": "1958"}
    known = register(client, first_name="Amina", **fields)
    known_page = _without_flash(client, known.location)
    unknown = register(client, first_name="Adèle", last_name="Benoit", phone="0612345679", birth_year="1958")
    unknown_page = _without_flash(client, unknown.location)
    assert known.status_code == unknown.status_code == 303
    same = known_page.replace("Amina Benali", "Adèle Benoit").replace("06 12 34 56 78", "06 12 34 56 79")
    assert same == unknown_page
    assert found(client, "benali") == ["Amina Benali"]


def _without_flash(client: InspectingClient, address: str) -> str:
    client.get(address)
    return client.text(client.get(address))


def test_a_child_is_without_a_name_and_represented(world: World, desk: InspectingClient) -> None:
    year = str(world.today.year - 12)
    asked = register(desk, first_name="Zoé", birth_year=year, age_status="under_15", answer="given")
    assert asked.status_code == 422
    assert "qui représente" in desk.text(asked, ".error-summary")
    assert "le nom n’est pas noté par défaut" in desk.text(asked, ".error-summary")
    unheard = desk.submit(asked, "#inscrire", data={"first_name": "", "representative": "parent"})
    assert unheard.status_code == 422
    assert "ce qu’elle a dit elle-même" in desk.text(unheard, ".field:has([name=own_word]) .field__error")
    sent = desk.submit(unheard, "#inscrire", data={"own_word": "agrees"})
    assert sent.status_code == 303
    child = only_new(world)
    assert (child.age_status, child.identity.display_name) == (AgeStatus.UNDER_15, "")
    with world.app.app_context():
        assert db.session.scalars(select(Consent).where(Consent.person_id == child.id)).one().people_present == "parent"


def test_a_child_is_named_when_who_represents_them_agrees(world: World, desk: InspectingClient) -> None:
    asked = register(desk, first_name="Zoé", age_status="under_15")
    desk.submit(asked, "#inscrire", data={"representative": "ase", "named_minor": True})
    assert only_new(world).identity.first_name == "Zoé"


@pytest.mark.parametrize(
    ("years", "age", "fits"),
    [(12, "adult", False), (12, "under_15", True), (18, "15_17", True), (18, "adult", True), (40, "15_17", False)],
)
def test_age_and_year_of_birth_go_together(
    world: World, desk: InspectingClient, years: int, age: str, fits: bool
) -> None:
    sent = register(desk, birth_year=str(world.today.year - years), age_status=age)
    if age == "under_15":
        sent = desk.submit(sent, "#inscrire", data={"representative": "parent"})
    assert (sent.status_code == 303) is fits


def test_nothing_typed_reaches_the_journal(world: World, desk: InspectingClient) -> None:
    register(
        desk, first_name="Hippolyte", last_name="Zébulon", phone="0612345678", birth_year="1931", commune="Marmande"
    )
    words = whole_journal(world)
    assert "person.register" in words
    for secret in ("Hippolyte", "hippolyte", "bulon", "612345678", "1931", "47157"):
        assert secret not in words


def test_search_keys_are_those_of_the_name_and_phone(world: World, desk: InspectingClient) -> None:
    register(desk, first_name="Éloïse", last_name="Gauthier", phone="0612345678", birth_year="1931")
    with world.app.app_context():
        query = select(SearchKeyRow.kind, SearchKeyRow.value).where(SearchKeyRow.person_id == only_new(world).id)
        keys = {tuple(row) for row in db.session.execute(query)}
    assert {("token", "eloise"), ("token", "gauthier"), ("phone", "33612345678"), ("birth_year", "1931")} <= keys


def test_a_structure_without_agreement_is_told_that_nothing_leaves(world: World) -> None:
    client = world.client("newcomer.adviser")
    assert "convention" in client.text(client.get("/personnes/nouvelle"), "#registre")
    other = world.client("library.desk")
    assert "convention" not in other.text(other.get("/personnes/nouvelle"), "#registre")


def test_the_notice_is_a_page_to_read_or_print(world: World, desk: InspectingClient) -> None:
    page = desk.get("/personnes/notice")
    words = desk.text(page)
    for needed in ("Médiathèque de Marmande", "mission d’intérêt public", "Deux ans", "CNIL", "2026-11", "retirer"):
        assert needed in words
    assert desk.get("/personnes/notice?grand=").status_code == 200
