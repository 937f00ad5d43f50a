"""The instrument as typed, frozen data. Labels and texts are the file's own French."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from app.assessments.engine.conditions import Condition

REASON = "M1"
FULL = "complet"
EXPRESS = "express"
NOT_ASKED = "non_posee"
NOT_APPLICABLE = "sans_objet"
NO_DIFFICULTY = "autonome"
UNDETERMINED = "indetermine"
REFUSERS = "refractaires"
URGENCY = "urgence"
RELIABILITIES = ("faible", "moyenne", "elevee")

# assessment.md §3: « Ne s’applique pas » exists for L1 and L2 only (deafness, speech, sight).
ADAPTABLE = frozenset({"L1", "L2"})


@dataclass(frozen=True)
class Choice:
    """A code and its label."""

    code: str
    label: str


@dataclass(frozen=True)
class Option:
    """One answer: 0–3 points, or for the stated reason a family and a sub-cause."""

    code: str
    label: str
    points: int
    family: str | None
    cause: str | None


@dataclass(frozen=True)
class Question:
    """One question; `dimension` is None for the stated reason, `discreet` is never read aloud."""

    id: str
    dimension: str | None
    weight: int
    text: str
    instruction: str
    seconds: int
    anchor: bool
    discreet: bool
    adviser_help: str | None
    proofs: tuple[str, ...]
    sources: tuple[str, ...]
    options: tuple[Option, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Option]:
        return {option.code: option for option in self.options}


@dataclass(frozen=True)
class Dimension:
    """One of the eight dimensions; family and cause are None for the aggravating one."""

    id: str
    label: str
    family: str | None
    cause: str | None
    index_weight: int


@dataclass(frozen=True)
class Skip:
    """When the condition holds on explicit answers, these answers are deduced."""

    id: str
    when: Condition
    deduced: Mapping[str, str]
    reason: str


@dataclass(frozen=True)
class Mode:
    """Full or express: its questions in order, whether it has an index, its reliability cap."""

    code: str
    questions: tuple[str, ...]
    has_index: bool
    reliability_cap: str


@dataclass(frozen=True)
class Family:
    """A family of difficulties, read on its dimensions."""

    code: str
    dimensions: tuple[str, ...]
    min_known: int


@dataclass(frozen=True)
class Band:
    """A band of the index, bounds included."""

    code: str
    label: str
    low: int
    high: int


@dataclass(frozen=True)
class IndexRule:
    """What the distance index needs (assessment.md §4.6)."""

    worst_of: tuple[str, ...]
    required: tuple[str, ...]
    min_known_weight: Fraction


@dataclass(frozen=True)
class Scoring:
    """Every threshold of the score, in points out of 100 unless a Fraction."""

    points_max: int
    min_dimension_coverage: Fraction
    min_coverage: Fraction
    reason_weight: int
    presence: int
    reason_floor: int
    reason_tolerance: int
    cause_threshold: int
    min_known_express: int
    shown_change: int
    families: tuple[Family, ...]
    tie_order: tuple[str, ...]
    refuser_present: Condition
    refuser_first: Condition
    index: IndexRule
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Profile:
    """A profile with its professional label, neutral phrase and share in the 2017 study."""

    code: str
    label: str
    phrase: str
    nanterre_pct: int | None
    causes: tuple[Choice, ...]


@dataclass(frozen=True)
class Guarded:
    """A code that applies under a condition: priority, alert or France Travail situation."""

    code: str
    label: str
    when: Condition


@dataclass(frozen=True)
class Action:
    """An action of the catalogue, with who can do it and what must be true first."""

    code: str
    label: str
    description: str
    partners: tuple[str, ...]
    preconditions: tuple[str, ...]
    data_inclusion_themes: tuple[str, ...]
    coop_themes: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """When the condition holds, these actions are proposed, each at its rank (1 is first)."""

    id: str
    when: Condition
    ranks: Mapping[str, int]


@dataclass(frozen=True)
class Deferral:
    """When the condition holds, these actions wait, for this reason."""

    when: Condition
    actions: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Mappings:
    """Toward La Coop and France Travail."""

    coop_redirection: Mapping[str, str]
    coop_autonomy_question: str
    coop_autonomy: Mapping[str, str]
    situations: tuple[Guarded, ...]


@dataclass(frozen=True, eq=False)
class Instrument:
    """A validated instrument; `sha256` is that of its canonical JSON."""

    id: str
    version: str
    sha256: str
    title: str
    questions: tuple[Question, ...]
    missing_codes: tuple[Choice, ...]
    adaptation_needs: tuple[Choice, ...]
    dimensions: tuple[Dimension, ...]
    skips: tuple[Skip, ...]
    modes: Mapping[str, Mode]
    scoring: Scoring
    profiles: tuple[Profile, ...]
    priorities: tuple[Guarded, ...]
    override_reasons: tuple[Choice, ...]
    partner_types: tuple[Choice, ...]
    actions: tuple[Action, ...]
    rules: tuple[Rule, ...]
    deferrals: tuple[Deferral, ...]
    first_actions: int
    alerts: tuple[Guarded, ...]
    mappings: Mappings
    forbidden_fields: frozenset[str]

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def by_dimension(self) -> Mapping[str, Dimension]:
        return {dimension.id: dimension for dimension in self.dimensions}

    @cached_property
    def action(self) -> Mapping[str, Action]:
        return {action.code: action for action in self.actions}

    @cached_property
    def profile(self) -> Mapping[str, Profile]:
        return {profile.code: profile for profile in self.profiles}

    @cached_property
    def missing(self) -> frozenset[str]:
        """The codes that mean « no answer », the not-applicable one apart."""
        return frozenset(choice.code for choice in self.missing_codes) - {NOT_APPLICABLE}

    @property
    def major(self) -> int:
        """Scores are comparable within a major version only."""
        return int(self.version.split(".")[0])
