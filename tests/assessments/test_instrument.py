"""The published file: unchanged, sound and plain; broken copies refused with their place."""

import copy
import hashlib
import json
import re
from fractions import Fraction

import pytest

from app.assessments.engine import (
    CURRENT,
    EXPRESS,
    FULL,
    InstrumentError,
    UnknownVersion,
    library,
    load_instrument,
    published_versions,
    score,
)
from app.assessments.engine.parse import parse_instrument
from tests.assessments.sheets import CODES, INSTRUMENT, VECTORS, sheet

FILE = library.FOLDER / f"distance-numerique-{CURRENT}.json"
DOCUMENT = json.loads(FILE.read_text("utf-8"), parse_float=Fraction)


def canonical_hash(path):
    text = json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_published_hash_every_file_is_the_one_published():
    files = {
        path.stem.rpartition("-")[2]: path
        for path in library.FOLDER.glob("distance-numerique-*.json")
        if path.stem[-1].isdigit()
    }
    assert {version: canonical_hash(path) for version, path in files.items()} == published_versions()


def test_published_hash_is_that_of_the_cases():
    assert published_versions()[VECTORS["version"]] == VECTORS["sha256"] == INSTRUMENT.sha256


def test_published_hash_a_changed_file_is_refused(tmp_path, monkeypatch):
    changed = FILE.read_text("utf-8").replace('"seuil_presence": 40', '"seuil_presence": 39')
    assert changed != FILE.read_text("utf-8")
    (tmp_path / FILE.name).write_text(changed, "utf-8")
    (tmp_path / "published.json").write_text((library.FOLDER / "published.json").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    with pytest.raises(InstrumentError, match="n’est plus celui publié"):
        load_instrument.__wrapped__(CURRENT)


@pytest.mark.parametrize("version", ["0.9.0", "../1.0.0", ""])
def test_an_unpublished_version_is_refused(version):
    with pytest.raises(UnknownVersion):
        load_instrument(version)


def test_the_instrument_is_read_once():
    assert load_instrument() is load_instrument()
    assert (INSTRUMENT.id, INSTRUMENT.version, INSTRUMENT.major) == ("distance-numerique", "1.0.0", 1)


# --- broken copies


def broken(path, value):
    """A copy of the document with one value replaced, or removed when value is `...`."""
    document = copy.deepcopy(DOCUMENT)
    *parents, last = path
    holder = document
    for step in parents:
        holder = holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return document


R, SC = "recommandations", "score"
BREAKS = [
    ((R, "regles", 2, "si", "question"), "Z9", "recommandations.regles[2].si.question"),
    ((R, "regles", 2, "si", "codes"), ["jamais_vu"], "recommandations.regles[2].si.codes[0]"),
    ((R, "regles", 2, "si", "codes"), [], "recommandations.regles[2].si.codes"),
    ((R, "regles", 2, "si"), {}, "recommandations.regles[2]"),
    ((R, "regles", 2, "si"), {"quand": "toujours"}, "recommandations.regles[2].si"),
    ((R, "regles", 2, "si"), {"un": []}, "recommandations.regles[2].si.un"),
    ((R, "regles", 2, "si"), {"un": [{}]}, "recommandations.regles[2].si.un"),
    (
        (R, "regles", 1, "si", "tous", 0, "un", 1, "dimension"),
        "hauteur",
        "recommandations.regles[1].si.tous[0].un[1].dimension",
    ),
    ((R, "regles", 13, "si", "max"), 30, "recommandations.regles[13].si"),
    ((R, "regles", 3, "si", "min"), 101, "recommandations.regles[3].si"),
    ((R, "regles", 3, "si"), {"dimension": "langue"}, "recommandations.regles[3].si"),
    ((R, "regles", 22, "si", "profil"), ["inconnu"], "recommandations.regles[22].si.profil[0]"),
    ((R, "regles", 24, "si", "mode"), ["rapide"], "recommandations.regles[24].si.mode[0]"),
    ((R, "regles", 27, "si", "motif"), ["envie"], "recommandations.regles[27].si.motif[0]"),
    ((R, "regles", 0, "actions", 0, "action"), "ACT_RIEN", "recommandations.regles[0].actions[0].action"),
    ((R, "regles", 0, "actions", 0, "rang"), 0, "recommandations.regles[0].actions[0].rang"),
    ((R, "regles", 0, "actions"), [], "recommandations.regles[0]"),
    ((R, "regles", 0, "id"), "K02", "recommandations.regles"),
    ((R, "regles", 22, "actions", 0, "action"), "ACT_SUIVI", "recommandations.regles"),
    ((R, "actions", 1, "code"), "ACT_URGENCE", "recommandations.actions"),
    ((R, "actions", 0, "partenaires"), ["police"], "recommandations.actions[0].partenaires[0]"),
    ((R, "actions", 0, "origine"), ["AILLEURS"], "recommandations.actions[0].origine[0]"),
    ((R, "differer", 0, "actions"), ["ACT_RIEN"], "recommandations.differer[0].actions[0]"),
    ((R, "max_prioritaires"), 0, "recommandations.max_prioritaires"),
    (("alertes", 3, "si", "tous", 1, "dimension"), "x", "alertes[3].si.tous[1].dimension"),
    (("alertes", 3, "si"), {}, "alertes"),
    (("alertes", 3, "si"), {"profil": ["oublies"]}, "alertes[3].si"),
    (("alertes", 3, "id"), "X1", "alertes"),
    (("alertes",), {}, "alertes"),
    (("priorite", 2, "si"), {"question": "U2", "codes": ["rien"]}, "priorite"),
    (("priorite", 0, "si"), {}, "priorite"),
    (("priorite", 1, "si"), {"priorite": ["P1"]}, "priorite[1].si"),
    (("sauts", 0, "si"), {"dimension": "acces", "min": 10}, "sauts[0].si"),
    (("sauts", 0, "alors_deduit"), {"C9": "non"}, "sauts[0].alors_deduit.C9"),
    (("sauts", 0, "alors_deduit", "C2"), "jamais", "sauts[0].alors_deduit.C2"),
    (("sauts", 1, "id"), "J1", "sauts"),
    (("questions", 4, "dimension"), "poids", "questions[4].dimension"),
    (("questions", 4, "dimension"), None, "questions[4]"),
    (("questions", 0, "dimension"), "acces", "questions[0]"),
    (("questions", 4, "poids"), 0, "questions[4].poids"),
    (("questions", 4, "poids"), True, "questions[4].poids"),
    (("questions", 4, "texte"), "", "questions[4].texte"),
    (("questions", 4, "texte"), 12, "questions[4].texte"),
    (("questions", 4, "ancre"), "oui", "questions[4].ancre"),
    (("questions", 4, "duree_s"), 0, "questions[4].duree_s"),
    (("questions", 4, "sources"), ["ON_DIT"], "questions[4].sources[0]"),
    (("questions", 4, "sources"), [], "questions[4].sources"),
    (("questions", 4, "id"), "S1", "questions"),
    (("questions", 4, "options", 3, "points"), 2, "questions[4].options"),
    (("questions", 4, "options", 0, "points"), 4, "questions[4].options"),
    (("questions", 4, "options", 1, "code"), "non", "questions[4].options"),
    (("questions", 4, "options", 1, "libelle"), ..., "questions[4].options[1]"),
    (("questions", 0, "options", 0, "famille"), "naufrages", "questions[0].options[0]"),
    (("dimensions", 0, "sous_cause"), None, "dimensions[0]"),
    (("dimensions", 1, "id"), "acces", "dimensions"),
    (("dimensions", 0, "poids_indice"), -1, "dimensions[0].poids_indice"),
    (("modes", "express", "questions", 0), "Z1", "modes.express.questions[0]"),
    (("modes", "express", "questions", 0), "U2", "modes.express.questions"),
    (("modes", "express"), ..., "modes"),
    (("modes", "complet", "questions", 23), ..., "modes.complet"),
    (("modes", "complet", "fiabilite_max"), "totale", "modes.complet.fiabilite_max"),
    ((SC, "seuil_presence"), 101, "score.seuil_presence"),
    ((SC, "seuil_presence"), "40", "score.seuil_presence"),
    ((SC, "plancher_motif"), 39, "score.plancher_motif"),
    ((SC, "couverture_min_dimension"), 2, "score.couverture_min_dimension"),
    ((SC, "couverture_min_evaluation"), "0.5", "score.couverture_min_evaluation"),
    ((SC, "couverture_min_evaluation"), True, "score.couverture_min_evaluation"),
    ((SC, "famille", "oublies", "pire_sur", 0), "langue", "score.famille.oublies.pire_sur[0]"),
    ((SC, "famille", "oublies", "pire_sur", 0), ..., "score.famille.oublies.pire_sur"),
    ((SC, "famille", "oublies", "min_dimensions"), 4, "score.famille.oublies.min_dimensions"),
    ((SC, "famille", "refractaires"), ..., "score.famille"),
    ((SC, "ordre_egalite"), ["naufrages", "oublies"], "score.ordre_egalite"),
    (
        (SC, "refractaire_present_si", "un", 3, "tous", 1, "question"),
        "T9",
        "score.refractaire_present_si.un[3].tous[1].question",
    ),
    ((SC, "refractaire_principal_si", "un", 0), {"priorite": ["P1"]}, "score.refractaire_principal_si.un[0]"),
    ((SC, "indice", "pire_sur", 0), "x", "score.indice.pire_sur[0]"),
    ((SC, "bandes", 1, "min"), 21, "score.bandes"),
    ((SC, "bandes", 3, "max"), 101, "score.bandes[3].max"),
    ((SC, "bandes", 3, "max"), 99, "score.bandes"),
    (("profils", 3), ..., "profils"),
    (("profils", 0, "phrase"), ..., "profils[0]"),
    (("reponses_manquantes", 3), ..., "reponses_manquantes"),
    (("versions", "ancres", 0), ..., "versions.ancres"),
    (("champs_interdits", 0), "C1", "champs_interdits"),
    (("instrument", "version"), "1.0", "instrument.version"),
    (("correspondances", "coop_autonomie", "table", "seul"), ..., "correspondances.coop_autonomie.table"),
    (
        ("correspondances", "coop_structure_de_redirection", "ccas"),
        ...,
        "correspondances.coop_structure_de_redirection",
    ),
    (("correspondances", "france_travail_situations", 0, "si"), {}, "correspondances.france_travail_situations"),
    (("derogation", "raisons", 1, "code"), "connaissance_personne", "derogation.raisons"),
    (("types_partenaires",), [], "types_partenaires"),
    (("recommandations",), ..., "document"),
]


@pytest.mark.parametrize(("path", "value", "place"), BREAKS, ids=[f"{n}-{b[2]}" for n, b in enumerate(BREAKS)])
def test_a_broken_instrument_is_refused_with_its_place(path, value, place):
    with pytest.raises(InstrumentError) as refusal:
        parse_instrument(broken(path, value), "")
    assert refusal.value.place == place
    assert str(refusal.value).startswith(f"{place} : ")


def test_a_document_that_is_not_an_object_is_refused():
    with pytest.raises(InstrumentError, match="document : un objet est attendu"):
        parse_instrument([], "")


def test_p01_p05_the_order_of_questions_in_the_file_does_not_matter():
    document = copy.deepcopy(DOCUMENT)
    document["questions"].reverse()
    mixed = parse_instrument(document, "")
    answers = sheet(R1="assez", S1="bloque", L1="tres", C2="avec", A1="aucun")
    for mode in (FULL, EXPRESS):
        assert score(mixed, mode, answers).to_document() == score(INSTRUMENT, mode, answers).to_document()


def test_exactly_half_of_the_weight_of_a_dimension_is_enough():
    even = parse_instrument(broken(("questions", 1, "poids"), 2), "")  # U1 and U2 weigh the same
    answers = {question: code for question, code in sheet(U1="semaine").items() if question != "U2"}
    assert score(even, FULL, answers).dimensions["urgence"] == 67


# --- P01 and P02


FORBIDDEN_WORDS = re.compile(
    r"\b(âge|sexe|nationalité|origine|religion|handicap|mari(é|age)|enfants?)\b", re.IGNORECASE
)


def words(text):
    return [word for word in re.split(r"[\s,:;?!()«»]+", text) if re.search(r"\w", word)]


@pytest.mark.parametrize("question", INSTRUMENT.questions, ids=list(CODES))
def test_p01_plain_language(question):
    assert len(words(question.text)) <= 15
    assert all(len(words(option.label)) <= 12 for option in question.options)
    shown = " ".join([question.text, *(option.label for option in question.options)])
    assert not FORBIDDEN_WORDS.search(shown)


@pytest.mark.parametrize("question", INSTRUMENT.questions, ids=list(CODES))
def test_p01_every_option_is_scored_in_order_and_every_item_sourced(question):
    assert question.sources
    if question.dimension is not None:
        earned = [option.points for option in question.options]
        assert (earned, set(earned)) == (sorted(earned), {0, 1, 2, 3})


def test_p01_discreet_questions_and_anchors():
    assert {q.id for q in INSTRUMENT.questions if q.discreet} == {"U2", "S1", "S2", "A3", "L2"}
    assert {q.id for q in INSTRUMENT.questions if q.anchor} == {"M1", "U2", "S1", "L1", "A1", "C2", "T2"}
    assert {q.id for q in INSTRUMENT.questions if q.proofs} == {"C2", "C3", "C4", "C5", "C6", "C7"}


def seconds(questions):
    return sum(INSTRUMENT.by_id[question].seconds for question in questions)


def test_p02_durations():
    full, express = INSTRUMENT.modes[FULL].questions, INSTRUMENT.modes[EXPRESS].questions
    skipped = {"C2", "C4", "C5", "C6", "C7", "U2"}
    assert seconds(full) == 239 <= 300
    assert seconds(q for q in full if q not in skipped) == 183
    assert seconds(express) == 73 <= 90
    assert set(express) < set(full)
    assert (len(full), len(express)) == (24, 6)


def test_reference_shares_and_catalogue():
    assert [p.nanterre_pct for p in INSTRUMENT.profiles] == [50, 43, 6, None, None]
    assert len(INSTRUMENT.action) == 23
    assert INSTRUMENT.action["ACT_MANDAT"].preconditions
    assert INSTRUMENT.profile["indetermine"].phrase
    assert {c.code for c in INSTRUMENT.override_reasons} >= {"demande_personne", "autre"}
