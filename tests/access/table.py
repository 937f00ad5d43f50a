"""Who may call what, written by hand from `domain/access.md`, apart from the code. A route without its row fails the suite.

Each row: the route's endpoint, methods, and for every relation the roles for which the answer is not 404. A role or a
relation left out must get 404. `extra`: values of the address that are not ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from app.kernel.access import Role
from tests.access.stage import Relation

Allowed = dict[Relation, frozenset[Role]]
DESK, ADVISER, MANAGER, COORDINATOR = Role.DESK, Role.ADVISER, Role.MANAGER, Role.COORDINATOR
FRONT = frozenset({DESK, ADVISER, MANAGER})
ADVISING = frozenset({ADVISER, MANAGER})
KEEPERS = frozenset({MANAGER, COORDINATOR})
OWN, SHARED, PREVIEWED, OPENED, ENDED, NONE = (
    Relation.OWN,
    Relation.SHARED,
    Relation.PREVIEWED,
    Relation.OPENED,
    Relation.ENDED,
    Relation.NONE,
)


@dataclass(frozen=True)
class Row:
    """One route and method. `allowed` None: the same answer whatever the relation, for `roles`."""

    endpoint: str
    method: str = "GET"
    allowed: Allowed | None = None
    roles: frozenset[Role] = frozenset(Role)
    extra: dict[str, Any] = field(default_factory=dict)


def following(roles: frozenset[Role] = FRONT) -> Allowed:
    """Whoever follows the person: referent, other follow-up, accepted referral."""
    return dict.fromkeys((OWN, SHARED, OPENED), roles)


def read_and_write(endpoint: str, allowed: Allowed, **extra: Any) -> tuple[Row, Row]:
    """A form: shown by GET, sent by POST at the same address."""
    return Row(endpoint, "GET", allowed, extra=extra), Row(endpoint, "POST", allowed, extra=extra)


OURS: Allowed = {OWN: FRONT}
OURS_ADVISING: Allowed = {OWN: ADVISING}
RECIPIENT: Allowed = {PREVIEWED: FRONT, OPENED: FRONT, ENDED: FRONT}
BOTH_SIDES: Allowed = {OWN: FRONT, **RECIPIENT}
COORDINATED: Allowed = dict.fromkeys((OWN, SHARED, PREVIEWED, OPENED, ENDED, NONE), frozenset({COORDINATOR}))

ADMINISTERING = frozenset({COORDINATOR, Role.ADMIN})
EXISTING = (OWN, SHARED, PREVIEWED, OPENED, ENDED, NONE)
KNOWN_TO_NETWORK: Allowed = dict.fromkeys(EXISTING, ADMINISTERING)


def open_to_all(endpoint: str) -> tuple[Row, Row]:
    """A form that everybody signed in has."""
    return Row(endpoint), Row(endpoint, "POST")


def merged(*tables: Allowed) -> Allowed:
    """Several tables in one."""
    return {relation: frozenset().union(*(t.get(relation, frozenset()) for t in tables)) for relation in Relation}


MANAGED: Allowed = merged(dict.fromkeys(EXISTING, frozenset({Role.ADMIN})), {OWN: frozenset({MANAGER})})

ROWS: tuple[Row, ...] = (
    # People of the register: whoever follows, as referent, by a shared follow-up or by an accepted referral.
    Row("people.index", roles=FRONT),
    Row("people.notice", roles=FRONT),
    Row("people.search", "POST", roles=FRONT),
    Row("people.print_list", roles=FRONT),
    # Lists that one keeps: one’s own alone (the stage’s adviser has one).
    Row("people.kept_lists", roles=FRONT),
    Row("people.keep_list", roles=FRONT),
    Row("people.keep_list", "POST", roles=FRONT),
    *read_and_write("people.edit_list", {OWN: frozenset({ADVISER})}),
    Row("people.delete_list", "POST", {OWN: frozenset({ADVISER})}),
    Row("people.new", roles=FRONT),
    Row("people.new", "POST", roles=FRONT),
    Row("people.show", allowed=following()),
    Row("people.slip", allowed=following()),
    *read_and_write("people.edit", following()),
    *read_and_write("people.ask", following()),
    *read_and_write("people.withdraw", following()),
    # Doubles: advisers and managers of the referent structure, who may write both records; nobody else hears of them.
    Row("people.duplicates", roles=ADVISING),
    *read_and_write("people.merge", OURS_ADVISING),
    Row("people.say_different", "POST", OURS_ADVISING),
    Row("people.look_again", "POST", OURS_ADVISING),
    *read_and_write("people.undo_merge", OURS_ADVISING),
    *read_and_write("people.likeness_notice", OURS_ADVISING),
    # Sharing card: the referent’s to make and cancel; opened anywhere with the person; a shared follow-up ends on its side.
    *read_and_write("people.card", OURS),
    Row("people.card_paper", allowed=OURS),
    *read_and_write("people.cancel_card", OURS),
    Row("people.open_card", roles=FRONT),
    Row("people.open_card", "POST", roles=FRONT),
    # Files of people belong to the hat that sent them, or asked for them: the stage's, in the relation OWN.
    Row("people.imports", roles=ADVISING),
    Row("people.imports", "POST", roles=ADVISING),
    *(
        Row(f"people.{name}", method, {OWN: frozenset({ADVISER})})
        for name, methods in (
            ("show_import", ("GET",)),
            ("import_columns", ("GET", "POST")),
            ("confirm_import", ("GET", "POST")),
            ("abandon_import", ("POST",)),
            ("undo_import", ("GET", "POST")),
            ("lines_left", ("GET",)),
        )
        for method in methods
    ),
    Row("people.exports", roles=frozenset({MANAGER})),
    Row("people.exports", "POST", roles=frozenset({MANAGER})),
    *(
        Row(f"people.{name}", method, {OWN: frozenset({MANAGER})})
        for name, method in (("show_export", "GET"), ("take_export", "GET"), ("erase_export", "POST"))
    ),
    Row("people.to_inform", roles=FRONT),
    *read_and_write("people.notice_given", following()),
    *read_and_write("people.protect", OURS_ADVISING),
    *read_and_write("people.unprotect", OURS_ADVISING),
    *read_and_write("people.represent", OURS_ADVISING),
    *read_and_write("people.mandate", OURS_ADVISING),
    *read_and_write("people.stop_following", {SHARED: FRONT}),
    *read_and_write("people.stay", {OPENED: FRONT, ENDED: FRONT}),
    Row("people.card_notice", allowed=OURS_ADVISING),
    Row("people.card_notice", "POST", OURS_ADVISING),
    # Hand-overs: proposed by the referent, or asked for by whoever follows; read by the two sides; each does its part.
    *read_and_write("people.holder", {OWN: FRONT, SHARED: FRONT}),
    *read_and_write("people.pass_on", {OWN: ADVISING, SHARED: ADVISING}),
    *read_and_write("people.hand_over", {OWN: ADVISING, SHARED: ADVISING}),
    Row("people.withdraw_hand_over", "POST", OURS_ADVISING),
    Row("people.see_hand_over", "POST", OURS_ADVISING),
    Row("people.tell_hand_over", "POST", {SHARED: ADVISING}),
    # Notes: written by whoever follows; corrected, deleted and hidden by their author alone.
    *read_and_write("people.write_note", following()),
    *read_and_write("people.correct_note", {OWN: frozenset({ADVISER})}),
    *read_and_write("people.drop_note", {OWN: frozenset({ADVISER})}),
    # Needs: read by whoever follows; corrected and closed where they were noted.
    *read_and_write("needs.new_need", following()),
    Row("needs.show", allowed=following()),
    *read_and_write("needs.edit_need", OURS),
    *read_and_write("needs.close_need", OURS),
    *read_and_write("needs.note_pieces", OURS),
    Row("needs.reopen_need", "POST", following(ADVISING)),
    # Sessions: read by whoever follows; corrected by the structure that held them.
    Row("mediation.index", roles=FRONT),
    *read_and_write("mediation.new_session", following()),
    Row("mediation.new_anonymous", roles=FRONT),
    Row("mediation.new_anonymous", "POST", roles=FRONT),
    Row("mediation.new_workshop", roles=FRONT),
    Row("mediation.new_workshop", "POST", roles=FRONT),
    Row("mediation.show", allowed=following()),
    *read_and_write("mediation.correct", OURS_ADVISING),
    *read_and_write("mediation.attach", OURS_ADVISING),
    Row("mediation.find_person", "POST", OURS_ADVISING),
    # Assessments: started by whoever follows; raw answers stay with the structure that asked, the result is shared.
    *read_and_write("assessments.start", following()),
    Row("assessments.blank", roles=FRONT, extra={"mode": "express"}),
    Row("assessments.card", roles=FRONT),
    *read_and_write("assessments.question", OURS, question="M1"),
    *read_and_write("assessments.review", OURS),
    *read_and_write("assessments.sheet", OURS),
    Row("assessments.discard", "POST", OURS),
    Row("assessments.to_express", "POST", OURS_ADVISING),
    Row("assessments.result", allowed=following(ADVISING)),
    Row("assessments.for_person", allowed=OURS_ADVISING),
    *read_and_write("assessments.keep_profile", OURS_ADVISING),
    *read_and_write("assessments.correct", OURS_ADVISING),
    *read_and_write("assessments.decide", OURS_ADVISING, code="ACT_REFERENT"),
    # Referrals: the two sides and the coordinator; before acceptance the person's page stays closed (people.show above).
    Row("referrals.inbox", roles=FRONT),
    Row("referrals.sent", roles=FRONT),
    Row("referrals.todo", roles=FRONT),
    *read_and_write("referrals.draft", following()),
    # Sent already: its own structure is told so (409), for others it does not exist.
    *read_and_write("referrals.send", OURS),
    Row("referrals.show", allowed=merged(BOTH_SIDES, COORDINATED)),
    *read_and_write("referrals.act", BOTH_SIDES, verb="accepter"),
    *read_and_write("referrals.nudge", COORDINATED),
    Row("referrals.slip", allowed=OURS),
    # The link of a partner without an account: whoever may send gives it. What it opens is public: tests/referrals.
    *read_and_write("referrals.link", OURS_ADVISING),
    Row("referrals.mail_link", "POST", OURS_ADVISING),
    Row("referrals.cancel_link", "POST", OURS_ADVISING),
    Row("referrals.liaison", roles=FRONT),
    Row("referrals.liaison_pdf", roles=FRONT),
    *read_and_write("referrals.tell", OURS),
    Row("referrals.decide", "GET", {}),
    Row("referrals.decide", "POST", {}),
    # The directory: read by who orients and who coordinates, kept by each structure's manager and by the coordinator.
    Row("network.index", roles=FRONT | {COORDINATOR}),
    Row("network.structures", roles=FRONT | {COORDINATOR}),
    Row("network.structure", roles=FRONT | {COORDINATOR}),
    Row("network.place", roles=FRONT | {COORDINATOR}),
    Row("network.export", roles=KEEPERS),
    Row("network.exporting", roles=KEEPERS),
    *(
        Row(f"network.{name}", method, roles=KEEPERS)
        for name in ("new_place", "edit_place", "close_place", "new_offer", "edit_offer")
        for method in ("GET", "POST")
    ),
    Row("network.end_offer", "POST", roles=KEEPERS),
    Row("network.imports", roles=frozenset({COORDINATOR})),
    Row("network.imports", "POST", roles=frozenset({COORDINATOR})),
    # A file belongs to the coordinator who sent it: the stage's, in the relation OWN; the library's in the others.
    Row("network.show_import", allowed={OWN: frozenset({COORDINATOR})}),
    Row("network.confirm_import", "POST", {OWN: frozenset({COORDINATOR})}),
    Row("network.abandon_import", "POST", {OWN: frozenset({COORDINATOR})}),
    Row("network.rejected_rows", allowed={OWN: frozenset({COORDINATOR})}),
    # The network's figures, the journal, and what everybody signed in has.
    Row("pilotage.flows", roles=frozenset({COORDINATOR})),
    Row("pilotage.blockers", roles=frozenset({COORDINATOR})),
    Row("pilotage.network_map", roles=frozenset({COORDINATOR})),
    Row("pilotage.summary_list", roles=frozenset({Role.ELECTED, COORDINATOR, MANAGER})),
    Row("pilotage.summary", roles=frozenset({Role.ELECTED, COORDINATOR, MANAGER})),
    Row("pilotage.summary_pdf", roles=frozenset({Role.ELECTED, COORDINATOR, MANAGER})),
    Row("pilotage.summary_csv", roles=frozenset({Role.ELECTED, COORDINATOR, MANAGER})),
    Row("pilotage.withdraw_summary", roles=frozenset({COORDINATOR})),
    Row("pilotage.withdraw_summary", "POST", roles=frozenset({COORDINATOR})),
    Row("pilotage.prepare_summary", roles=frozenset({COORDINATOR}), extra={"period": "2023"}),
    Row("pilotage.prepare_summary", "POST", roles=frozenset({COORDINATOR}), extra={"period": "2023"}),
    Row("pilotage.quality", roles=frozenset({COORDINATOR})),
    Row("pilotage.follow_ups", roles=ADVISING | frozenset({COORDINATOR})),
    Row("privacy.journal", roles=frozenset({Role.DPO})),
    Row("privacy.search_journal", "POST", roles=frozenset({Role.DPO})),
    Row("privacy.print_journal", roles=frozenset({Role.DPO})),
    Row("privacy.desk", roles=frozenset({Role.DPO})),
    Row("privacy.consents", roles=frozenset({Role.DPO})),
    Row("privacy.search_consents", "POST", roles=frozenset({Role.DPO})),
    Row("privacy.sharing", roles=frozenset({Role.DPO})),
    Row("privacy.retention_state", roles=frozenset({Role.DPO})),
    Row("privacy.soon_archived", roles=ADVISING),
    # Nobody of the stage is in the archive: `tests/privacy/test_archive.py` opens one.
    *read_and_write("privacy.archived", {}),
    # Rights requests: the referent’s advisers, and the officer whom that structure named; the copy is the officer’s alone.
    Row("privacy.rights_requests", roles=frozenset({Role.DPO})),
    Row("privacy.new_request", roles=frozenset({Role.DPO})),
    Row("privacy.new_request", "POST", roles=frozenset({Role.DPO})),
    *read_and_write("privacy.record_request", OURS_ADVISING),
    Row("privacy.show_request", allowed={OWN: ADVISING | {Role.DPO}}),
    *read_and_write("privacy.extend_request", {OWN: ADVISING | {Role.DPO}}),
    *read_and_write("privacy.answer_request", {OWN: ADVISING | {Role.DPO}}),
    Row("privacy.unfreeze", "POST", {OWN: ADVISING | {Role.DPO}}),
    Row("privacy.prepare_copy", "POST", {OWN: frozenset({Role.DPO})}),
    Row("privacy.download_copy", allowed={OWN: frozenset({Role.DPO})}, extra={"kind": "pdf"}),
    Row("territory.settings", roles=frozenset({COORDINATOR, Role.ADMIN})),
    Row("territory.settings", "POST", roles=frozenset({COORDINATOR, Role.ADMIN})),
    Row("territory.suggest"),
    Row("home.index"),
    Row("accounts.choose_hat"),
    Row("accounts.choose_hat", "POST"),
    Row("accounts.sign_out", "POST"),
    Row("accounts.hand_over", "POST"),
    # One's own account, whatever the hat; somebody else's session does not exist.
    Row("accounts.account"),
    *open_to_all("accounts.password"),
    *open_to_all("accounts.second_factor"),
    Row("accounts.end_session", "POST", roles=frozenset(), extra={"opened_id": uuid4()}),
    Row("accounts.end_other_sessions", "POST"),
    # Administration: the network's structures; each manager their own structure's teams and accesses.
    Row("administration.structures", roles=ADMINISTERING),
    Row("administration.new_structure", roles=ADMINISTERING),
    Row("administration.new_structure", "POST", roles=ADMINISTERING),
    Row("administration.structure", allowed=merged(KNOWN_TO_NETWORK, {OWN: frozenset({MANAGER})})),
    *read_and_write("administration.declare", merged(KNOWN_TO_NETWORK, {OWN: frozenset({MANAGER})})),
    *read_and_write("administration.edit_structure", KNOWN_TO_NETWORK),
    *read_and_write("administration.agreement", KNOWN_TO_NETWORK),
    *read_and_write("administration.leave", KNOWN_TO_NETWORK),
    Row("administration.members", allowed=MANAGED),
    *read_and_write("administration.invite", MANAGED),
    *read_and_write("administration.member", MANAGED),
    *read_and_write("administration.end_member", MANAGED),
    *read_and_write("administration.review", MANAGED),
    Row("administration.cancel_invitation", "POST", MANAGED),
    Row("administration.teams", allowed=MANAGED),
    *read_and_write("administration.new_team", MANAGED),
    *read_and_write("administration.team", MANAGED),
)
