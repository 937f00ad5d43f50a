from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.territory.area import SMALL_COMMUNE, Area, UnknownArea, public_area
from app.territory.communes import Epci, all_communes, epci_label, epci_members


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("47157", Area("commune", "47157", "Marmande")),
        ("47024", Area("epci", "200030674", "Val de Garonne Agglomération (communauté d’agglomération)")),
        ("75112", Area("commune", "75112", "Paris 12e Arrondissement")),
        ("29083", Area("departement", "29", "Finistère (département)")),
        ("97501", Area("departement", "975", "Saint-Pierre-et-Miquelon")),
        ("47999", Area("departement", "47", "Lot-et-Garonne (département)")),
        ("97699", Area("departement", "976", "Mayotte (département)")),
    ],
)
def test_area(code: str, area: Area) -> None:
    assert public_area(code) == area


@pytest.mark.parametrize("code", ["", "99999", "abc"])
def test_an_unknown_code_has_no_area(code: str) -> None:
    with pytest.raises(UnknownArea):
        public_area(code)


@given(st.sampled_from(sorted(all_communes())))
def test_no_area_is_smaller_than_the_threshold(code: str) -> None:
    area, commune = public_area(code), all_communes()[code]
    if area.kind == "commune":
        assert (commune.population or 0) >= SMALL_COMMUNE
    else:
        assert (commune.population or 0) < SMALL_COMMUNE
        assert commune.name != area.label
    if area.kind == "epci":
        assert sum(member.population or 0 for member in epci_members(area.code)) >= SMALL_COMMUNE


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("Communauté de communes Val de Gray", "CC", "Val de Gray (communauté de communes)"),
        ("Communauté de communes du Provinois", "CC", "Communauté de communes du Provinois"),
        ("Communauté urbaine d’Arras", "CU", "Communauté urbaine d’Arras"),
        ("Communauté de communes des Landes", "CC", "Communauté de communes des Landes"),
        ("LBN Communauté", "CC", "LBN Communauté (communauté de communes)"),
        ("Métropole de Lyon", "ME", "Métropole de Lyon"),
        ("Communauté de communes Désvres", "CC", "Désvres (communauté de communes)"),
    ],
)
def test_epci_labels_read_as_french(name: str, kind: str, label: str) -> None:
    assert epci_label(Epci("200000000", name, kind)) == label
