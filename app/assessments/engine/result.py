"""The complete result of one assessment, and its published document form."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assessments.engine.explain import Why
from app.assessments.engine.plan import Plan


@dataclass(frozen=True)
class Result:
    """What one scoring says. Scores are 0–100, None when unknown; codes are the instrument's.

    `provisional_profile` is set when too little is known for `profile` to be concluded;
    `measured_families` are the family scores before the floor of the stated reason.
    """

    instrument: str
    version: str
    mode: str
    dimensions: Mapping[str, int | None]
    index: int | None
    band: str | None
    families: Mapping[str, int | None]
    measured_families: Mapping[str, int | None]
    profile: str
    provisional_profile: str | None
    secondaries: tuple[str, ...]
    causes: tuple[str, ...]
    causes_by_family: Mapping[str, tuple[str, ...]]
    reason: str | None
    margin: int | None
    reliability: str | None
    coverage_pct: int
    priority: str
    alerts: tuple[str, ...]
    urgency_unknown: bool
    missing: Mapping[str, str]
    deduced: Mapping[str, str]
    not_applicable: tuple[str, ...]
    why: tuple[Why, ...]
    strengths: tuple[str, ...]
    plan: Plan
    coop_autonomy: str | None
    france_travail_situations: tuple[str, ...]

    def to_document(self) -> dict[str, object]:
        """Plain JSON values, in the form of `attendu` of the published cases."""
        return {**self._scores(), **self._answers(), **self._proposals()}

    def _scores(self) -> dict[str, object]:
        return {
            "instrument": self.instrument,
            "version": self.version,
            "mode": self.mode,
            "dimensions": dict(self.dimensions),
            "indice": self.index,
            "bande": self.band,
            "familles": dict(self.families),
            "profil": self.profile,
            "profil_provisoire": self.provisional_profile,
            "secondaires": list(self.secondaries),
            "sous_causes": list(self.causes),
            "sous_causes_toutes": {f: list(c) for f, c in self.causes_by_family.items()},
            "motif": self.reason,
            "marge": self.margin,
            "fiabilite": self.reliability,
            "couverture_pct": self.coverage_pct,
            "priorite": self.priority,
        }

    def _answers(self) -> dict[str, object]:
        return {
            "alertes": list(self.alerts),
            "urgence_non_evaluee": self.urgency_unknown,
            "reponses_absentes": dict(sorted(self.missing.items())),
            "reponses_deduites": dict(sorted(self.deduced.items())),
            "sans_objet": list(self.not_applicable),
        }

    def _proposals(self) -> dict[str, object]:
        return {
            "pourquoi": [item.to_document() for item in self.why],
            "points_appui": list(self.strengths),
            "plan": self.plan.to_document(),
            "autonomie_coop": self.coop_autonomy,
            "situations_france_travail": list(self.france_travail_situations),
        }
