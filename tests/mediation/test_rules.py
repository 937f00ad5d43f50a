"""The rules that tie the answers of a session together, as truth tables."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mediation.actions import Counts, SessionData, count_faults, faults, need_behind
from app.mediation.enums import Autonomy, PlaceKind, SessionKind, Theme
from app.mediation.forms.durations import minutes_of
from app.needs.enums import Demarche, NeedKind
from app.people.enums import AgeBand, Genre

TODAY = date(2026, 6, 15)
PLACE = UUID(int=7)
AID = Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES


def broken(**changes: object) -> set[str]:
    values: dict[str, object] = {
        "held_on": TODAY,
        "minutes": 30,
        "themes": (Theme.EMAIL,),
        "place_kind": PlaceKind.A_DISTANCE,
        **changes,
    }
    return {field for field, _message in faults(SessionData(**values), TODAY)}  # type: ignore[arg-type]


@given(st.sampled_from(PlaceKind), st.booleans(), st.booleans())
def test_place_and_commune(kind: PlaceKind, with_place: bool, with_commune: bool) -> None:
    found = broken(
        place_kind=kind, place_id=PLACE if with_place else None, commune_code="47157" if with_commune else None
    )
    assert ("place_id" in found) == (kind == "lieu_activite" and not with_place)
    assert ("commune" in found) == (kind in {"domicile", "autre"} and not with_commune)
    assert found <= {"place_id", "commune"}


@given(st.sets(st.sampled_from(Theme)), st.sets(st.sampled_from(Demarche)))
def test_themes_and_procedures(themes: set[Theme], demarches: set[Demarche]) -> None:
    found = broken(themes=tuple(themes), demarches=tuple(demarches))
    assert ("themes" in found) == (len(themes) == 0)
    assert ("demarches" in found) == (bool(demarches) and AID not in themes)


@given(st.integers(-5, 3000))
def test_minutes(minutes: int) -> None:
    assert broken(minutes=minutes) == (set() if 1 <= minutes <= 1439 else {"minutes"})


@given(st.integers(-4000, 4000))
def test_dates(days: int) -> None:
    day = TODAY + timedelta(days=days)
    wrong = day > TODAY or day.year < TODAY.year - 5
    assert broken(held_on=day) == ({"held_on"} if wrong else set())


@given(st.sampled_from(SessionKind), st.none() | st.sampled_from(Autonomy))
def test_autonomy_is_of_one_person(kind: SessionKind, autonomy: Autonomy | None) -> None:
    expected = {"autonomy"} if kind == "collectif" and autonomy is not None else set()
    assert broken(kind=kind, autonomy=autonomy) == expected


@given(st.integers(-1, 400), st.integers(-2, 12), st.integers(0, 12), st.integers(0, 12))
def test_breakdowns_of_a_workshop(total: int, women: int, men: int, young: int) -> None:
    genres = ((Genre.FEMININ, women), (Genre.MASCULIN, men))
    counts = Counts(total=total, genres=genres, age_bands=((AgeBand.FROM_18, young),))
    found = {field for field, _message in count_faults(counts)}
    assert ("total" in found) == (not 1 <= total <= 300)
    assert ("genres" in found) == (women < 0 or women + men > total)
    assert ("age_bands" in found) == (young > total)


@given(st.integers(0, 23), st.integers(0, 59))
def test_hours_are_read_however_written(hours: int, rest: int) -> None:
    expected = hours * 60 + rest
    written = [f"{hours}h{rest:02d}", f"{hours} h {rest:02d}", f"{hours}\u00a0h\u00a0{rest:02d}", f"{hours}:{rest:02d}"]
    written += [f"{hours}H{rest:02d}", f" {hours} heures {rest} minutes ", f"{expected}", f"{expected} min"]
    assert {minutes_of(text) for text in written} == {expected}


@pytest.mark.parametrize(("text", "minutes"), [("1h", 60), ("2 heures", 120), ("45 mn", 45), ("1h5", 65), ("30’", 30)])
def test_usual_durations(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["", "une heure", "1h75", "-5", "1,5", "1h30h", "90 €", "٣٠", "h30", "12345"])
def test_what_is_not_a_duration(text: str) -> None:
    assert minutes_of(text) is None or not text.isascii()


@given(st.lists(st.sampled_from(Theme), min_size=1, unique=True), st.lists(st.sampled_from(Demarche), unique=True))
def test_the_need_behind_a_session(themes: list[Theme], demarches: list[Demarche]) -> None:
    kept = tuple(demarches) if AID in themes else ()
    session = SessionData(
        held_on=TODAY, minutes=5, themes=tuple(themes), demarches=kept, place_kind=PlaceKind.A_DISTANCE
    )
    kind, demarche = need_behind(session)
    assert (kind is NeedKind.DEMARCHE_EN_LIGNE) == (AID in themes)
    assert demarche == (kept[0] if len(kept) == 1 else None)
