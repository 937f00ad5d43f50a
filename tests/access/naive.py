"""The naive model: who reads what, told line by line from `domain/access.md` alone. It imports no rule of the application.

It remembers who registered, noted, agreed, was asked, showed a card, was merged, protected, restricted, archived, and left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

ADVISERS = (
    "library.adviser",
    "library.manager",
    "ccas.adviser",
    "ccas.manager",
    "ccas.social",
    "fs.adviser",
    "shelter.adviser",
    "newcomer.adviser",
    "camille.library",
    "camille.fablab",
)
DESKS = ("library.desk", "ccas.desk")
OTHERS = ("coordinator", "elected", "dpo", "admin")
HATS = (*ADVISERS, *DESKS)
HOMES = {
    who: {"fs": "france_services", "camille": who.partition(".")[2]}.get(who.partition(".")[0], who.partition(".")[0])
    for who in HATS
}
SECRET_TEAM = {"ccas.social": "social"}
ALL = frozenset({"identity", "contact", "needs", "sessions", "assessment", "answers", "plan", "notes", "adaptation"})
DESK_READS = frozenset({"identity", "contact", "needs", "sessions", "plan"})


@dataclass
class Written:
    """A need or a session: its structure, its team when that one is under secrecy, whether it may ever travel."""

    id: UUID
    person: str
    author: str
    note: str
    visibility: str = ""

    @property
    def structure(self) -> str:
        return HOMES[self.author]

    @property
    def team(self) -> str | None:
        return SECRET_TEAM.get(self.author)

    @property
    def secret(self) -> bool:
        return self.team is not None or self.structure == "shelter"


@dataclass
class Sent:
    """A referral and what its agreement opens; `opened` between acceptance and the end."""

    id: UUID
    person: str
    sender: str
    to: str
    sections: frozenset[str]
    opened: bool = False
    live: bool = True

    def end(self) -> None:
        """Nothing opens by it any more."""
        self.opened = self.live = False


@dataclass
class Merge:
    """Two records made one: what was moved, and both as they were."""

    id: UUID
    kept: str
    removed: str
    before: dict[str, Someone]
    moved: list[Written | Sent]
    # The person said something of sharing since: what was before no longer tells what holds.
    silent: bool = True
    withdrawn: bool = False


@dataclass
class Someone:
    """Who follows a person: the referent (its secret team alone, if one registered), and others by agreement.

    `named`: the structures that a protected person named; None when they are not protected.
    """

    id: UUID
    by: str
    agreed: frozenset[str] | None
    follows: dict[str, tuple[str | None, frozenset[str]]] = field(default_factory=dict)
    card: bool = False
    named: frozenset[str] | None = None
    restricted: bool = False
    archived: bool = False
    merged_into: str | None = None

    @property
    def gone(self) -> bool:
        """In the archive, or answered for by another record."""
        return self.archived or self.merged_into is not None

    def lets(self, home: str) -> bool:
        """Protected, only the structures that the person named read by a shared follow-up."""
        return self.named is None or home in self.named

    def share_nothing(self) -> None:
        """The agreement is taken back: nothing but the referent’s follow-up stays."""
        self.agreed, self.follows, self.card = None, {}, False


@dataclass
class Naive:
    """The whole network as the document tells it."""

    people: dict[str, Someone] = field(default_factory=dict)
    needs: list[Written] = field(default_factory=list)
    sessions: list[Written] = field(default_factory=list)
    assessments: list[Written] = field(default_factory=list)
    referrals: list[Sent] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    unsigned: set[str] = field(default_factory=lambda: {"newcomer"})

    def opens(self, who: str, person: str) -> frozenset[str]:
        """The sections that this hat reads of what others wrote; empty when the person does not exist for it."""
        if who in OTHERS or who in self.left:
            return frozenset()
        found: set[str] = set()
        known, home, team = self.people[person], HOMES[who], SECRET_TEAM.get(who)
        if known.gone:
            return frozenset()
        referent = HOMES[known.by]
        if referent == home and SECRET_TEAM.get(known.by) in (None, team):
            found |= ALL
        if home in known.follows and known.lets(home) and not {home, referent} & self.unsigned:
            held_by, sections = known.follows[home]
            found |= sections if held_by in (None, team) else set()
        for one in self.referrals:
            if one.opened and (one.person, one.to) == (person, home) and not {home, one.sender} & self.unsigned:
                found |= one.sections
        return frozenset(found & DESK_READS if who in DESKS else found)

    def writes(self, who: str, person: str) -> bool:
        """Whoever follows writes, but in a restricted record."""
        return bool(self.opens(who, person)) and not self.people[person].restricted

    def shown(self, person: str) -> str:
        """The record that answers for this one."""
        known = self.people[person]
        return self.shown(known.merged_into) if known.merged_into else person

    def reads(self, who: str, one: Written, section: str) -> bool:
        """A line somebody wrote."""
        opened = self.opens(who, one.person)
        if not opened:
            return False
        if one.structure == HOMES[who]:
            return one.team in (None, SECRET_TEAM.get(who))
        return section in opened and not one.secret

    def reads_need_note(self, who: str, one: Written) -> bool:
        """Our words for our advisers, the desk its own, others’ with the notes."""
        if not self.reads(who, one, "needs"):
            return False
        if one.structure != HOMES[who]:
            return "notes" in self.opens(who, one.person)
        return who not in DESKS or one.author == who

    def reads_session_note(self, who: str, one: Written) -> bool:
        """author · team · structure · network."""
        if not self.reads(who, one, "sessions"):
            return False
        if one.structure != HOMES[who]:
            return one.visibility == "network" and "notes" in self.opens(who, one.person)
        if one.author == who:
            return True
        if who in DESKS or one.visibility == "author":
            return False
        return one.visibility != "team" or one.team == SECRET_TEAM.get(who)

    def reads_result(self, who: str, one: Written) -> bool:
        """Our advisers’, the desk’s own, others’ with the section; never to another structure’s desk."""
        return self.reads(who, one, "assessment") and (who not in DESKS or one.author == who)

    def reads_answers(self, who: str, one: Written) -> bool:
        """Raw answers stay with the team that asked."""
        return self.reads_result(who, one) and one.structure == HOMES[who]

    def picture(self, who: str) -> dict[str, Any]:
        """Everything this hat reads."""
        found: dict[str, Any] = {}
        for key in self.people:
            opened = self.opens(who, key)
            if not opened:
                continue
            needs = [one for one in self.needs if one.person == key and self.reads(who, one, "needs")]
            sessions = [one for one in self.sessions if one.person == key and self.reads(who, one, "sessions")]
            results = [one for one in self.assessments if one.person == key and self.reads_result(who, one)]
            found[key] = {
                "writes": self.writes(who, key),
                "assessments": {one.id for one in results},
                "answers": {one.id for one in results if self.reads_answers(who, one)},
                "contact": "contact" in opened,
                "adaptation": "adaptation" in opened,
                "needs": {one.id for one in needs},
                "need notes": {one.id for one in needs if one.note and self.reads_need_note(who, one)},
                "sessions": {one.id for one in sessions},
                "session notes": {one.id for one in sessions if self.reads_session_note(who, one)},
            }
        return found
