"""The tables of the design document, transcribed by hand, apart from the engine and its file.

Works on complete or partial full-mode sheets, with plain loops, so that a mistake in the engine
or in the instrument cannot be repeated here.
"""

from collections.abc import Callable
from fractions import Fraction

WEIGHTS = {
    "urgence": {"U1": 1, "U2": 2},
    "complexite": {"S1": 2, "S2": 1},
    "langue": {"L1": 2, "L2": 2, "L3": 1},
    "acces": {"A1": 3, "A2": 3, "A3": 2},
    "competences": {"C1": 2, "C2": 3, "C3": 2, "C4": 1, "C5": 2, "C6": 2, "C7": 1},
    "aisance": {"R1": 2, "R2": 1},
    "confiance": {"T1": 1, "T2": 2},
    "entourage": {"H1": 2, "H2": 1},
}
HELP = ("seul", "un_peu", "avec", "non")
SCALE = {
    "U1": ("loin", "mois", "semaine", "depasse"),
    "U2": ("rien", "retard", "droit", "vital"),
    "S1": ("non", "change", "bloque", "plusieurs"),
    "S2": ("non", "une", "plusieurs", "perte"),
    "L1": ("sans", "peu", "tres", "interprete"),
    "L2": ("jamais", "parfois", "souvent", "toujours"),
    "L3": HELP,
    "A1": ("ordi_et_tel", "ordi", "tel", "aucun"),
    "A2": ("oui", "limite", "dehors", "non"),
    "A3": ("non", "parfois", "souvent", "arret"),
    "C1": ("jour", "semaine", "rare", "jamais"),
    "C2": HELP,
    "C3": ("oui", "peu", "autre", "non"),
    "C4": HELP,
    "C5": HELP,
    "C6": HELP,
    "C7": HELP,
    "R1": ("pas", "peu", "assez", "beaucoup"),
    "R2": ("oui", "temps", "difficile", "abandon"),
    "T1": ("non", "peu", "evite", "refuse"),
    "T2": ("oui", "avec", "plutot_non", "non"),
    "H1": ("facile", "parfois", "rarement", "personne"),
    "H2": ("oui", "complique", "rarement", "non"),
}
FAMILY_OF_REASON = {
    "equipement": "oublies",
    "competences": "oublies",
    "reassurance": "oublies",
    "langue": "naufrages",
    "complexite": "naufrages",
    "urgence": "naufrages",
    "mefiance": "refractaires",
}
FAMILIES = {
    "oublies": ("acces", "competences", "aisance"),
    "naufrages": ("langue", "complexite", "urgence"),
    "refractaires": ("confiance",),
}
INDEX_WEIGHTS = {"acces": 25, "competences": 30, "aisance": 10, "langue": 15, "confiance": 10, "entourage": 10}

Sheet = dict[str, str]
Scores = dict[str, int | None]


def effective(sheet: Sheet) -> Sheet:
    """Codes that count, with J1–J3 applied."""
    given = {q: c for q, c in sheet.items() if c not in {"nsp", "refus", "non_posee", "sans_objet"}}
    out = dict(given)
    if given.get("C1") == "jamais":
        for question in ("C2", "C4", "C5", "C6", "C7"):
            out.setdefault(question, "non")
    if given.get("C2") == "seul":
        for question in ("C4", "C5", "C6"):
            out.setdefault(question, "seul")
    if given.get("U1") == "aucune":
        out.setdefault("U2", "rien")
    return out


def earned(question: str, code: str) -> int:
    return 0 if (question, code) == ("U1", "aucune") else SCALE[question].index(code)


def half_up(value: Fraction) -> int:
    whole, rest = divmod(value, 1)
    return int(whole) + (1 if rest >= Fraction(1, 2) else 0)


def dimensions(sheet: Sheet) -> Scores:
    answers = effective(sheet)
    out: Scores = {}
    for dimension, weights in WEIGHTS.items():
        kept = {q: w for q, w in weights.items() if sheet.get(q) != "sans_objet"}
        known = {q: w for q, w in kept.items() if q in answers}
        if not known or 2 * sum(known.values()) < sum(kept.values()):
            out[dimension] = None
        else:
            total = sum(w * earned(q, answers[q]) for q, w in known.items())
            out[dimension] = half_up(Fraction(100 * total, 3 * sum(known.values())))
    return out


def families(sheet: Sheet, dims: Scores) -> Scores:
    out: Scores = {}
    for family, names in FAMILIES.items():
        known = [value for name in names if (value := dims[name]) is not None]
        out[family] = max(known) if len(known) >= (1 if family == "refractaires" else 2) else None
    named = FAMILY_OF_REASON.get(sheet.get("M1", ""))
    if named:
        out[named] = max(40, out[named] or 0)
    return out


def profile(sheet: Sheet, scores: Scores) -> str:
    """R1–R6, coverage apart."""
    a = effective(sheet)
    outright = a.get("T2") == "non" or a.get("M1") == "mefiance"
    refuses = (
        outright
        or a.get("T1") == "refuse"
        or (a.get("T1") in {"evite", "refuse"} and a.get("T2") in {"plutot_non", "non"})
    )
    present = {f: s for f, s in scores.items() if s is not None and s >= 40}
    if not refuses:
        present.pop("refractaires", None)
    if not present:
        return "autonome" if None not in scores.values() else "indetermine"
    if len(present) > 1 and not outright:
        present.pop("refractaires", None)
    highest = max(present.values())
    named = FAMILY_OF_REASON.get(a.get("M1", ""))
    if named in present and highest - present[named] <= 15:
        return named
    return next(f for f in ("naufrages", "refractaires", "oublies") if present.get(f) == highest)


def covered(sheet: Sheet) -> Fraction:
    answers = effective(sheet)
    weights = {q: w for group in WEIGHTS.values() for q, w in group.items()} | {"M1": 2}
    kept = {q: w for q, w in weights.items() if sheet.get(q) != "sans_objet"}
    return Fraction(sum(w for q, w in kept.items() if q in answers), sum(kept.values()))


def index(dims: Scores) -> int | None:
    known = {d: s for d in INDEX_WEIGHTS if (s := dims[d]) is not None}
    weight = sum(INDEX_WEIGHTS[d] for d in known)
    if "competences" not in known or weight < 60:
        return None
    mean = Fraction(sum(INDEX_WEIGHTS[d] * s for d, s in known.items()), weight)
    return half_up((max(known[d] for d in ("acces", "competences", "langue") if d in known) + mean) / 2)


def band(value: int | None) -> str | None:
    if value is None:
        return None
    return "proche" if value < 20 else "modere" if value < 40 else "eloigne" if value < 55 else "tres_eloigne"


def priority(sheet: Sheet) -> str:
    a = effective(sheet)
    if a.get("U2") == "vital" or (a.get("U1") == "depasse" and a.get("U2") == "droit"):
        return "P1"
    return "P2" if a.get("U1") in {"semaine", "depasse"} or a.get("U2") == "droit" else "P3"


class Seen:
    """What a rule of the document may look at."""

    def __init__(self, sheet: Sheet, dims: Scores, profile_code: str, mode: str = "complet") -> None:
        self.answers, self.dims = effective(sheet), dims
        self.profile, self.mode, self.priority = profile_code, mode, priority(sheet)

    def said(self, question: str, *codes: str) -> bool:
        return self.answers.get(question) in codes

    def at_least(self, dimension: str, low: int, high: int = 100) -> bool:
        value = self.dims[dimension]
        return value is not None and low <= value <= high

    @property
    def pressing(self) -> bool:
        return self.priority == "P1" or self.at_least("urgence", 50)

    @property
    def needs_hands(self) -> bool:
        return self.said("C2", "avec", "non")


RULES: dict[str, Callable[[Seen], bool]] = {
    "K01": lambda s: s.pressing,
    "K02": lambda s: s.pressing and s.needs_hands,
    "K03": lambda s: s.said("L1", "tres", "interprete"),
    "K04": lambda s: s.at_least("langue", 50),
    "K05": lambda s: s.said("L1", "peu", "tres", "interprete") or s.said("L2", "souvent", "toujours"),
    "K06": lambda s: s.at_least("complexite", 50),
    "K07": lambda s: s.said("S1", "bloque") or (s.said("S1", "plusieurs") and s.said("S2", "perte")),
    "K08": lambda s: (
        s.profile == "naufrages"
        and (s.at_least("complexite", 34) or s.at_least("langue", 50) or s.at_least("entourage", 50))
    ),
    "K09": lambda s: s.said("A1", "aucun"),
    "K10": lambda s: s.said("A1", "tel"),
    "K11": lambda s: s.said("A2", "dehors", "non") or s.said("A3", "souvent", "arret"),
    "K12": lambda s: s.said("C3", "autre", "non"),
    "K13": lambda s: s.at_least("competences", 75),
    "K14": lambda s: s.at_least("competences", 40, 74),
    "K15": lambda s: s.at_least("competences", 40),
    "K16": lambda s: s.at_least("aisance", 50),
    "K17": lambda s: (
        s.profile == "oublies"
        and (s.at_least("competences", 40) or s.at_least("aisance", 20) or s.said("M1", "competences", "reassurance"))
    ),
    "K18": lambda s: s.said("C7", "avec", "non"),
    "K19": lambda s: s.profile == "refractaires" or s.at_least("confiance", 60),
    "K20": lambda s: s.said("T2", "plutot_non", "non"),
    "K21": lambda s: s.said("H2", "rarement", "non"),
    "K22": lambda s: s.said("H1", "rarement", "personne"),
    "K23": lambda s: s.profile == "autonome",
    "K24": lambda s: s.profile == "indetermine",
    "K25": lambda s: s.mode == "express",
    "K26": lambda s: s.profile in {"oublies", "naufrages", "refractaires"},
    "K27": lambda s: s.profile == "naufrages" and s.needs_hands,
    "K28": lambda s: s.said("M1", "equipement"),
}
RANKS = {
    "K01": {"URGENCE": 1},
    "K02": {"MANDAT": 2},
    "K03": {"INTERPRETE": 1},
    "K04": {"ECRIVAIN": 3},
    "K05": {"FLE": 5},
    "K06": {"REFERENT": 2, "TS": 3},
    "K07": {"JURIDIQUE": 4},
    "K08": {"REFERENT": 3},
    "K09": {"EQUIPEMENT": 2},
    "K10": {"EQUIPEMENT": 6},
    "K11": {"CONNEXION": 3},
    "K12": {"MAIL": 4},
    "K13": {"OUTILS": 3},
    "K14": {"ATELIER": 4},
    "K15": {"DIAG": 6},
    "K16": {"REASSURANCE": 2},
    "K17": {"REASSURANCE": 3},
    "K18": {"SECURITE": 7},
    "K19": {"ALTERNATIVE": 1, "CONFIANCE": 3},
    "K20": {"ALTERNATIVE": 2},
    "K21": {"ALLERVERS": 2},
    "K22": {"LIEN": 6},
    "K23": {"INFO": 1},
    "K24": {"COMPLETER": 1, "ALTERNATIVE": 2},
    "K25": {"COMPLETER": 5},
    "K26": {"SUIVI": 9},
    "K27": {"MANDAT": 4},
    "K28": {"EQUIPEMENT": 3},
}
CATALOGUE = [
    "URGENCE",
    "MANDAT",
    "ALTERNATIVE",
    "INTERPRETE",
    "FLE",
    "ECRIVAIN",
    "REFERENT",
    "TS",
    "JURIDIQUE",
    "REASSURANCE",
    "OUTILS",
    "ATELIER",
    "DIAG",
    "MAIL",
    "EQUIPEMENT",
    "CONNEXION",
    "SECURITE",
    "CONFIANCE",
    "ALLERVERS",
    "LIEN",
    "INFO",
    "COMPLETER",
    "SUIVI",
]
GROUP_TRAINING = {"OUTILS", "ATELIER", "DIAG", "SECURITE"}
ALL_TRAINING = GROUP_TRAINING | {"REASSURANCE", "MAIL", "EQUIPEMENT", "CONNEXION"}

ALERTS: dict[str, Callable[[Seen], bool]] = {
    "X1": lambda s: s.said("T1", "refuse") and s.said("T2", "oui", "avec"),
    "X2": lambda s: s.said("A1", "aucun") and s.said("C1", "jour"),
    "X3": lambda s: s.said("C1", "jamais") and s.said("C2", "seul", "un_peu"),
    "X4": lambda s: s.said("M1", "equipement") and s.at_least("acces", 0, 19),
    "X5": lambda s: s.said("M1", "competences") and s.said("C2", "seul"),
    "X6": lambda s: s.said("M1", "langue") and s.said("L1", "sans") and s.said("L2", "jamais"),
    "X7": lambda s: s.said("M1", "urgence") and s.at_least("urgence", 0, 33),
    "X8": lambda s: s.said("M1", "mefiance") and s.said("T2", "oui"),
    "X9": lambda s: s.said("M1", "complexite") and s.said("S1", "non") and s.said("S2", "non"),
    "X10": lambda s: s.said("M1", "reassurance") and s.said("R1", "pas"),
}
SITUATIONS: dict[str, Callable[[Seen], bool]] = {
    "42": lambda s: s.said("A1", "aucun"),
    "43": lambda s: s.said("A1", "ordi_et_tel", "ordi"),
    "44": lambda s: s.said("A1", "ordi_et_tel", "tel"),
    "46": lambda s: s.at_least("competences", 75),
    "48": lambda s: s.said("A2", "non") and s.said("T2", "non"),
    "49": lambda s: s.said("A2", "non") and s.said("T2", "oui", "avec", "plutot_non"),
    "50": lambda s: s.said("C3", "autre", "non"),
    "51": lambda s: s.said("H2", "rarement", "non"),
    "52": lambda s: s.needs_hands,
}


def plan(seen: Seen) -> dict[str, object]:
    """Three levels and the rules, from the two tables of §5."""
    ranks: dict[str, int] = {}
    proposed: dict[str, list[str]] = {}
    for rule, holds in RULES.items():
        if holds(seen):
            for action, rank in RANKS[rule].items():
                ranks[action] = min(rank, ranks.get(action, 99))
                proposed.setdefault(f"ACT_{action}", []).append(rule)
    waits: set[str] = set()
    if seen.profile == "refractaires":
        waits |= ALL_TRAINING
    if seen.said("L1", "tres", "interprete") or seen.priority == "P1":
        waits |= GROUP_TRAINING
    ordered = sorted(ranks, key=lambda action: (ranks[action], CATALOGUE.index(action)))
    ready = [f"ACT_{action}" for action in ordered if action not in waits]
    later = [f"ACT_{action}" for action in ordered if action in waits]
    return {"maintenant": ready[:3], "ensuite": ready[3:], "plus_tard": later, "regles": proposed}
