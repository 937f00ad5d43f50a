"""From the JSON document to an Instrument; anything broken is refused with its place."""

from collections.abc import Callable, Iterable

from app.assessments.engine.conditions import Vocabulary, read_condition
from app.assessments.engine.instrument import (
    EXPRESS,
    FULL,
    NO_DIFFICULTY,
    NOT_APPLICABLE,
    NOT_ASKED,
    REASON,
    RELIABILITIES,
    UNDETERMINED,
    Choice,
    Dimension,
    Instrument,
    Mode,
    Option,
    Profile,
    Question,
    Skip,
)
from app.assessments.engine.node import Node
from app.assessments.engine.parse_plan import (
    parse_actions,
    parse_deferrals,
    parse_guarded,
    parse_mappings,
    parse_rules,
)
from app.assessments.engine.parse_scoring import parse_scoring


def parse_instrument(document: object, sha256: str) -> Instrument:
    """Build and validate; `document` is JSON read with Fraction decimals. InstrumentError."""
    root = Node(document)
    dimensions = _dimensions(root["dimensions"])
    questions = _questions(root, dimensions)
    profiles = _profiles(root["profils"], dimensions)
    words = _vocabulary(root, questions, dimensions, profiles)
    partners = _choices(root["types_partenaires"])
    actions = parse_actions(root["recommandations"]["actions"], partners, frozenset(_sources(root)))
    instrument = Instrument(
        id=root["instrument"]["id"].text(),
        version=_version(root["instrument"]["version"]),
        sha256=sha256,
        title=root["instrument"]["titre"].text(),
        questions=questions,
        missing_codes=_missing_codes(root["reponses_manquantes"]),
        adaptation_needs=_choices(root["besoins_adaptation"]),
        dimensions=dimensions,
        skips=_skips(root["sauts"], words),
        modes=_modes(root["modes"], words),
        scoring=parse_scoring(root["score"], words, dimensions),
        profiles=profiles,
        priorities=parse_guarded(root["priorite"], words, "libelle", frozenset({"question", "dimension"})),
        override_reasons=_choices(root["derogation"]["raisons"]),
        partner_types=partners,
        actions=actions,
        rules=parse_rules(root["recommandations"]["regles"], words, actions),
        deferrals=parse_deferrals(root["recommandations"]["differer"], words, actions),
        first_actions=root["recommandations"]["max_prioritaires"].integer(1),
        alerts=parse_guarded(root["alertes"], words, "message", frozenset({"question", "dimension"}), key="id"),
        mappings=parse_mappings(root["correspondances"], words, partners),
        forbidden_fields=frozenset(root["champs_interdits"].texts()),
    )
    _cross_check(root, instrument)
    return instrument


def _version(node: Node) -> str:
    parts = node.text().split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        node.fail("une version à trois nombres est attendue")
    return node.text()


def _sources(root: Node) -> Iterable[str]:
    return (key for key, _ in root["sources"].entries())


def _unique(node: Node, codes: Iterable[str]) -> None:
    seen = list(codes)
    repeated = sorted({code for code in seen if seen.count(code) > 1})
    if repeated or not seen:
        node.fail(f"liste vide ou identifiant répété : {', '.join(repeated)}")


def _choices(node: Node) -> tuple[Choice, ...]:
    choices = tuple(Choice(item["code"].text(), item["libelle"].text()) for item in node.each())
    _unique(node, (choice.code for choice in choices))
    return choices


def _missing_codes(node: Node) -> tuple[Choice, ...]:
    choices = _choices(node)
    absent = {NOT_ASKED, NOT_APPLICABLE} - {choice.code for choice in choices}
    if absent:
        node.fail(f"codes attendus absents : {', '.join(sorted(absent))}")
    return choices


def _text_or_none(node: Node | None) -> str | None:
    return None if node is None else node.text()


def _texts_or_none(node: Node | None) -> tuple[str, ...]:
    return () if node is None else node.texts()


def _dimensions(node: Node) -> tuple[Dimension, ...]:
    dimensions = tuple(_dimension(item) for item in node.each())
    _unique(node, (dimension.id for dimension in dimensions))
    if sum(dimension.index_weight for dimension in dimensions) == 0:
        node.fail("aucun poids dans l’indice")
    return dimensions


def _dimension(node: Node) -> Dimension:
    family = _text_or_none(node.optional("famille"))
    cause = _text_or_none(node.optional("sous_cause"))
    if (family is None) != (cause is None):
        node.fail("famille et sous_cause vont ensemble")
    return Dimension(node["id"].text(), node["libelle"].text(), family, cause, node["poids_indice"].integer())


def _questions(root: Node, dimensions: tuple[Dimension, ...]) -> tuple[Question, ...]:
    node = root["questions"]
    sources = frozenset(_sources(root))
    points_max = root["score"]["points_max"].integer(1)
    for item in node.each():
        _check_role(item)
    questions = tuple(_question(item, dimensions, sources, points_max) for item in node.each())
    _unique(node, (question.id for question in questions))
    return questions


def _check_role(node: Node) -> None:
    if (node["id"].text() == REASON) != (node.optional("dimension") is None):
        node.fail(f"{REASON}, et elle seule, donne le motif : les autres ont une dimension")


def _question(node: Node, dimensions: tuple[Dimension, ...], sources: frozenset[str], points_max: int) -> Question:
    scored = node.optional("dimension")
    known = [dimension.id for dimension in dimensions]
    discreet = node.optional("discret")
    return Question(
        id=node["id"].text(),
        dimension=None if scored is None else scored.among(known, "dimension"),
        weight=node["poids"].integer(0 if scored is None else 1),
        text=node["texte"].text(),
        instruction=node["consigne"].text(),
        seconds=node["duree_s"].integer(1),
        anchor=node["ancre"].flag(),
        discreet=discreet is not None and discreet.flag(),
        adviser_help=_text_or_none(node.optional("aide_conseiller")),
        proofs=_texts_or_none(node.optional("preuves")),
        sources=node["sources"].all_among(sources, "sources"),
        options=_reasons(node["options"], dimensions) if scored is None else _options(node["options"], points_max),
    )


def _options(node: Node, points_max: int) -> tuple[Option, ...]:
    options = tuple(
        Option(item["code"].text(), item["libelle"].text(), item["points"].integer(), None, None)
        for item in node.each()
    )
    _unique(node, (option.code for option in options))
    points = [option.points for option in options]
    if points != sorted(points) or set(points) != set(range(points_max + 1)):
        node.fail(f"les points doivent aller de 0 à {points_max} en croissant")
    return options


def _reasons(node: Node, dimensions: tuple[Dimension, ...]) -> tuple[Option, ...]:
    options = tuple(_reason(item, dimensions) for item in node.each())
    _unique(node, (option.code for option in options))
    return options


def _reason(node: Node, dimensions: tuple[Dimension, ...]) -> Option:
    family = _text_or_none(node.optional("famille"))
    cause = _text_or_none(node.optional("sous_cause"))
    known = {(dimension.family, dimension.cause) for dimension in dimensions}
    if (family, cause) != (None, None) and (family, cause) not in known:
        node.fail("famille et sous_cause ne correspondent à aucune dimension")
    return Option(node["code"].text(), node["libelle"].text(), 0, family, cause)


def _profiles(node: Node, dimensions: tuple[Dimension, ...]) -> tuple[Profile, ...]:
    profiles = tuple(_profile(item) for item in node.each())
    _unique(node, (profile.code for profile in profiles))
    families = {dimension.family for dimension in dimensions} - {None}
    if {profile.code for profile in profiles} != families | {NO_DIFFICULTY, UNDETERMINED}:
        node.fail("un profil par famille, et les deux profils hors typologie, sont attendus")
    return profiles


def _profile(node: Node) -> Profile:
    share = node.optional("reference_nanterre_pct")
    causes = node.optional("sous_causes")
    return Profile(
        node["code"].text(),
        node["libelle"].text(),
        node["phrase"].text(),
        None if share is None else share.integer(),
        () if causes is None else _choices(causes),
    )


def _vocabulary(
    root: Node,
    questions: tuple[Question, ...],
    dimensions: tuple[Dimension, ...],
    profiles: tuple[Profile, ...],
) -> Vocabulary:
    codes = {question.id: frozenset(question.by_code) for question in questions}
    return Vocabulary(
        codes=codes,
        dimensions=frozenset(dimension.id for dimension in dimensions),
        named={
            "priorite": frozenset(item["code"].text() for item in root["priorite"].each()),
            "profil": frozenset(profile.code for profile in profiles),
            "motif": codes[REASON],
            "mode": frozenset(key for key, _ in root["modes"].entries()),
        },
    )


def _skips(node: Node, words: Vocabulary) -> tuple[Skip, ...]:
    skips = tuple(_skip(item, words) for item in node.each())
    _unique(node, (skip.id for skip in skips))
    return skips


def _skip(node: Node, words: Vocabulary) -> Skip:
    when = read_condition(node["si"], words, frozenset({"question"}))
    deduced = {}
    for question, code in node["alors_deduit"].entries():
        if question not in words.codes:
            code.fail(f"question : « {question} » est inconnu")
        deduced[question] = code.among(words.codes[question], f"code de {question}")
    return Skip(node["id"].text(), when, deduced, node["raison"].text())


def _modes(node: Node, words: Vocabulary) -> dict[str, Mode]:
    modes = {code: _mode(code, item, words) for code, item in node.entries()}
    if not {FULL, EXPRESS} <= modes.keys():
        node.fail(f"les modes {FULL} et {EXPRESS} sont attendus")
    if set(modes[FULL].questions) != set(words.codes):
        node[FULL].fail("le mode complet pose toutes les questions")
    return modes


def _mode(code: str, node: Node, words: Vocabulary) -> Mode:
    questions = node["questions"].all_among(words.codes, "questions")
    cap = node["fiabilite_max"].among(RELIABILITIES, "fiabilite_max")
    return Mode(code, questions, node["indice"].flag(), cap)


Check = Callable[[Node, Instrument], None]


def _cross_check(root: Node, instrument: Instrument) -> None:
    checks: tuple[Check, ...] = (_check_anchors, _check_forbidden, _check_dimensions)
    for check in checks:
        check(root, instrument)


def _check_anchors(root: Node, instrument: Instrument) -> None:
    node = root["versions"]["ancres"]
    anchors = {question.id for question in instrument.questions if question.anchor}
    if set(node.texts()) != anchors:
        node.fail("les ancres ne sont pas celles des questions")


def _check_forbidden(root: Node, instrument: Instrument) -> None:
    if instrument.forbidden_fields & instrument.by_id.keys():
        root["champs_interdits"].fail("un champ interdit est posé comme question")


def _check_dimensions(root: Node, instrument: Instrument) -> None:
    used = {question.dimension for question in instrument.questions}
    for dimension in instrument.dimensions:
        if dimension.id not in used:
            root["dimensions"].fail(f"aucune question pour « {dimension.id} »")
