"""Priorities, alerts, actions, rules, deferrals and mappings of the instrument."""

from app.assessments.engine.conditions import (
    KINDS,
    Always,
    Vocabulary,
    read_condition,
)
from app.assessments.engine.instrument import (
    Action,
    Choice,
    Deferral,
    Guarded,
    Mappings,
    Rule,
)
from app.assessments.engine.node import Node


def parse_guarded(
    node: Node, words: Vocabulary, label: str, kinds: frozenset[str], key: str = "code"
) -> tuple[Guarded, ...]:
    """Codes under a condition; a priority list must end with one that always applies."""
    found = tuple(
        Guarded(item[key].text(), item[label].text(), read_condition(item["si"], words, kinds)) for item in node.each()
    )
    _check_distinct(node, [item.code for item in found])
    _check_ending(node, found, is_priority=words.named["priorite"] == {g.code for g in found})
    return found


def _check_distinct(node: Node, codes: list[str]) -> None:
    if len(set(codes)) < len(codes):
        node.fail("identifiant répété")


def _check_ending(node: Node, found: tuple[Guarded, ...], is_priority: bool) -> None:
    always = [item.when == Always() for item in found]
    expected = [False] * (len(found) - 1) + [is_priority]
    if found and always != expected:
        node.fail("une condition vide n’a sa place qu’à la dernière priorité")


def parse_actions(node: Node, partners: tuple[Choice, ...], sources: frozenset[str]) -> tuple[Action, ...]:
    """The catalogue, in its order."""
    types = frozenset(partner.code for partner in partners)
    actions = tuple(_action(item, types, sources) for item in node.each())
    _check_distinct(node, [action.code for action in actions])
    return actions


def _action(node: Node, types: frozenset[str], sources: frozenset[str]) -> Action:
    return Action(
        code=node["code"].text(),
        label=node["libelle"].text(),
        description=node["description"].text(),
        partners=node["partenaires"].all_among(types, "type de partenaire"),
        preconditions=_texts(node, "preconditions"),
        data_inclusion_themes=_texts(node, "data_inclusion_thematiques"),
        coop_themes=_texts(node, "coop_thematiques"),
        sources=node["origine"].all_among(sources, "source"),
    )


def _texts(node: Node, key: str) -> tuple[str, ...]:
    found = node.optional(key)
    return () if found is None else found.texts()


def parse_rules(node: Node, words: Vocabulary, actions: tuple[Action, ...]) -> tuple[Rule, ...]:
    """The rules in order; every action of the catalogue must be reachable."""
    known = frozenset(action.code for action in actions)
    rules = tuple(_rule(item, words, known) for item in node.each())
    _check_distinct(node, [rule.id for rule in rules])
    unreachable = known.difference(*(rule.ranks for rule in rules))
    if unreachable:
        node.fail(f"aucune règle ne propose : {', '.join(sorted(unreachable))}")
    return rules


def _rule(node: Node, words: Vocabulary, known: frozenset[str]) -> Rule:
    when = read_condition(node["si"], words)
    proposed = [(item["action"].among(known, "action"), item["rang"].integer(1)) for item in node["actions"].each()]
    _check_distinct(node["actions"], [action for action, _ in proposed])
    if not proposed or when == Always():
        node.fail("une règle a une condition et au moins une action")
    return Rule(node["id"].text(), when, dict(proposed))


def parse_deferrals(node: Node, words: Vocabulary, actions: tuple[Action, ...]) -> tuple[Deferral, ...]:
    """What should wait, and why."""
    known = frozenset(action.code for action in actions)
    return tuple(
        Deferral(
            read_condition(item["si"], words, KINDS),
            frozenset(item["actions"].all_among(known, "action")),
            item["raison"].text(),
        )
        for item in node.each()
    )


def parse_mappings(node: Node, words: Vocabulary, partners: tuple[Choice, ...]) -> Mappings:
    """Each partner type and each answer of the pivot question must be mapped."""
    redirection = node["coop_structure_de_redirection"]
    autonomy = node["coop_autonomie"]
    question = autonomy["depuis"].among(words.codes, "question")
    return Mappings(
        coop_redirection=_table(redirection, frozenset(p.code for p in partners)),
        coop_autonomy_question=question,
        coop_autonomy=_table(autonomy["table"], words.codes[question]),
        situations=parse_guarded(node["france_travail_situations"], words, "libelle", KINDS),
    )


def _table(node: Node, keys: frozenset[str]) -> dict[str, str]:
    table = {key: value.text() for key, value in node.entries()}
    if table.keys() != keys:
        odd = sorted(table.keys() ^ keys)
        node.fail(f"clés manquantes ou en trop : {', '.join(odd)}")
    return table
