"""The ordered plan: now, next, later, and the rules behind each action (assessment.md §5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assessments.engine.conditions import Facts
from app.assessments.engine.instrument import Instrument


@dataclass(frozen=True)
class Plan:
    """Action codes in three levels; `rules` by proposed action, `waits` by deferred action."""

    now: tuple[str, ...]
    next: tuple[str, ...]
    later: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]
    waits: Mapping[str, str]

    def to_document(self) -> dict[str, object]:
        return {
            "maintenant": list(self.now),
            "ensuite": list(self.next),
            "plus_tard": list(self.later),
            "regles": {action: list(rules) for action, rules in self.rules.items()},
        }


def build_plan(instrument: Instrument, facts: Facts) -> Plan:
    """Best rank first, then the order of the catalogue; an action appears once.

    The first ones not deferred are for now, the others next; deferred ones later.
    """
    ranks, rules = _proposals(instrument, facts)
    catalogue = [action.code for action in instrument.actions]
    ordered = sorted(ranks, key=lambda action: (ranks[action], catalogue.index(action)))
    deferred = _deferred(instrument, facts)
    ready = [action for action in ordered if action not in deferred]
    later = tuple(action for action in ordered if action in deferred)
    cut = instrument.first_actions
    return Plan(
        tuple(ready[:cut]),
        tuple(ready[cut:]),
        later,
        {action: tuple(rules[action]) for action in ordered},
        {action: deferred[action] for action in later},
    )


def _proposals(instrument: Instrument, facts: Facts) -> tuple[dict[str, int], dict[str, list[str]]]:
    ranks: dict[str, int] = {}
    rules: dict[str, list[str]] = {}
    for rule in instrument.rules:
        if rule.when.holds(facts):
            for action, rank in rule.ranks.items():
                ranks[action] = min(rank, ranks.get(action, rank))
                rules.setdefault(action, []).append(rule.id)
    return ranks, rules


def _deferred(instrument: Instrument, facts: Facts) -> dict[str, str]:
    """The first deferral of the file gives its reason."""
    reasons: dict[str, str] = {}
    for deferral in instrument.deferrals:
        if deferral.when.holds(facts):
            for action in deferral.actions:
                reasons.setdefault(action, deferral.reason)
    return reasons
