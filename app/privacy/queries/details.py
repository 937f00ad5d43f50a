"""What an entry of the journal says beside the act: keys and values in words. A test goes through every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from app.assessments.enums import Mode, PlanState
from app.kernel import formats
from app.kernel.access import Role
from app.kernel.grants import Section
from app.kernel.i18n import lazy_gettext as _
from app.mediation.enums import SessionKind
from app.needs.enums import NeedKind, NeedResult
from app.network.enums import LegalBasis, StructureKind
from app.network.enums import label_of as column_of_place
from app.people.enums import CardEnd, ConsentAnswer, ConsentKind, HandOverEnd, HandOverReason, NoticeWay, section_labels
from app.people.exports import ExportColumn
from app.pilotage.formulas.terms import read_term
from app.pilotage.queries.summaries.zones import place_of
from app.privacy.enums import (
    OBJECTS,
    ConsentState,
    ExtensionReason,
    Family,
    RightKind,
    RightOutcome,
    UnarchiveReason,
    words_of,
)
from app.referrals.enums import Act, Contact, Decision, DeclineReason, EndCause, Outcome, State, ToldWay
from app.territory.enums import TerritoryKind

Key = tuple[str, str]
ANY = ""

# What each key is about; an act may say it otherwise.
LABELS: dict[Key, str] = {
    (ANY, "about"): _("sur"),
    (ANY, "account"): _("empreinte de l’adresse"),
    (ANY, "answer"): _("réponse"),
    (ANY, "answered"): _("questions répondues"),
    (ANY, "area"): _("territoire"),
    (ANY, "basis"): _("base légale"),
    (ANY, "closes"): _("quitte l’annuaire"),
    (ANY, "code"): _("code du territoire"),
    (ANY, "columns"): _("colonnes"),
    (ANY, "communes"): _("communes"),
    (ANY, "completes"): _("reprend une évaluation"),
    (ANY, "corrects"): _("corrige une évaluation"),
    (ANY, "count"): _("nombre"),
    (ANY, "created"): _("créés"),
    (ANY, "decision"): _("suite"),
    (ANY, "ended"): _("accès terminés"),
    (ANY, "fact"): _("fait compté"),
    (ANY, "family"): _("filtre"),
    (ANY, "filters"): _("critères"),
    (ANY, "format"): _("format"),
    (ANY, "from"): _("de"),
    (ANY, "hash"): _("empreinte"),
    (ANY, "how"): _("façon"),
    (ANY, "kept"): _("accès gardés"),
    (ANY, "kind"): _("nature"),
    (ANY, "kinds"): _("cherchée par"),
    (ANY, "mode"): _("forme"),
    (ANY, "people"): _("personnes"),
    (ANY, "period"): _("période"),
    (ANY, "purged"): _("effacées"),
    (ANY, "questions"): _("questions"),
    (ANY, "reason"): _("raison"),
    (ANY, "refused"): _("refusées"),
    (ANY, "result"): _("résultat"),
    (ANY, "right"): _("droit"),
    (ANY, "role"): _("rôle"),
    (ANY, "route"): _("page"),
    (ANY, "secrecy"): _("secret professionnel"),
    (ANY, "sections"): _("rubriques"),
    (ANY, "sensitive"): _("nom caché ailleurs"),
    (ANY, "signed_on"): _("signée le"),
    (ANY, "silent"): _("notée avec une séance"),
    (ANY, "state"): _("état"),
    (ANY, "step"): _("étape"),
    (ANY, "structure"): _("structure"),
    (ANY, "to"): _("à"),
    (ANY, "unchanged"): _("inchangés"),
    (ANY, "up_to"): _("jusqu’à l’entrée"),
    (ANY, "updated"): _("mis à jour"),
    (ANY, "user"): _("compte"),
    (ANY, "visibility"): _("lue par"),
    (ANY, "way"): _("moyen"),
    (ANY, "what"): _("papier"),
    (ANY, "without_clock"): _("sans échéance"),
    (ANY, "without_next"): _("sans suite décidée"),
    (ANY, "without_referent"): _("sans structure référente"),
    ("assessment.profile", "kept"): _("autre profil gardé"),
    ("consent.list", "state"): _("liste"),
    ("people.import", "created"): _("inscrites"),
    ("people.import", "unchanged"): _("déjà connues"),
    ("people.import_undo", "ended"): _("retirées"),
    ("people.import_undo", "kept"): _("gardées"),
    ("referral.start", "reason"): _("premier contact"),
    ("referral.close", "reason"): _("issue"),
    ("retention.run", "result"): _("archivage automatique"),
    ("session.log", "kind"): _("forme"),
}

# Values that are codes, with their words: an enumeration that says its own, or the words themselves.
CODES: dict[Key, type[StrEnum] | Mapping[str, str]] = {
    (ANY, "about"): OBJECTS,
    (ANY, "basis"): LegalBasis,
    (ANY, "format"): {"csv": "CSV", "xlsx": "XLSX", "pdf": "PDF", "json": "JSON"},
    (ANY, "mode"): Mode,
    (ANY, "role"): Role,
    (ANY, "route"): {
        "accounts": _("Compte"),
        "administration": _("Équipe, accès et structures"),
        "assessments": _("Évaluations"),
        "home": _("Accueil"),
        "mediation": _("Séances"),
        "needs": _("Demandes"),
        "network": _("Annuaire"),
        "people": _("Personnes"),
        "pilotage": _("Pilotage et synthèses"),
        "privacy": _("Protection des données"),
        "referrals": _("Orientations"),
        "territory": _("Territoire"),
    },
    (ANY, "step"): {"answer": _("répondre"), "follow": _("donner des nouvelles")},
    (ANY, "visibility"): {
        "author": _("son auteur seul"),
        "team": _("son équipe"),
        "structure": _("sa structure"),
        "network": _("les partenaires choisis par la personne"),
    },
    ("assessment.plan", "state"): PlanState,
    ("card.end", "reason"): CardEnd,
    ("consent.lapse", "kind"): ConsentKind,
    ("consent.list", "state"): ConsentState,
    ("consent.narrow", "kind"): ConsentKind,
    ("consent.record", "answer"): ConsentAnswer,
    ("consent.record", "kind"): ConsentKind,
    ("consent.withdraw", "kind"): ConsentKind,
    ("consent.withdraw", "reason"): {"merge": _("deux fiches fusionnées")},
    ("hand_over.ask", "reason"): HandOverReason,
    ("hand_over.decline", "reason"): HandOverEnd,
    ("hand_over.end", "reason"): HandOverEnd,
    ("hand_over.propose", "reason"): HandOverReason,
    ("need.close", "result"): NeedResult,
    ("need.open", "kind"): NeedKind,
    ("need.reopen", "result"): NeedResult,
    ("notice.give", "way"): NoticeWay,
    ("password.change", "how"): {
        "changed": _("changé par la personne"),
        "first": _("choisi à la première connexion"),
        "provisional": _("provisoire, donné en ligne de commande"),
        "reset": _("choisi après un oubli"),
    },
    ("people.export", "columns"): ExportColumn,
    ("people.export_ask", "columns"): ExportColumn,
    ("people.export_taken", "columns"): ExportColumn,
    ("person.print", "filters"): {
        "age": _("âge"),
        "commune": _("commune"),
        "contact": _("dernier contact"),
        "demande": _("demande en cours"),
        "interlocuteur": _("interlocuteur"),
        "suivi": _("genre de suivi"),
        "tri": _("ordre choisi"),
    },
    ("person.print", "what"): {"list": _("liste de personnes"), "slip": _("coupon")},
    ("person.search", "kinds"): {
        "birth_year": _("année de naissance"),
        "code": _("code"),
        "name": _("nom"),
        "phone": _("téléphone"),
    },
    ("person.unarchive", "reason"): UnarchiveReason,
    ("referral.close", "reason"): Outcome,
    ("referral.decide", "decision"): Decision,
    ("referral.decline", "reason"): DeclineReason,
    ("referral.end_by_event", "reason"): EndCause,
    ("referral.start", "reason"): Contact,
    ("referral.told", "way"): ToldWay,
    ("referral.withdraw", "reason"): EndCause,
    ("retention.run", "result"): {"on": _("en marche"), "off": _("arrêté")},
    ("right.answer", "result"): RightOutcome,
    ("right.ask", "right"): RightKind,
    ("right.extend", "reason"): ExtensionReason,
    ("session.attach", "fact"): {"rewritten": _("réécrit")},
    ("session.log", "kind"): SessionKind,
    ("structure.add", "kind"): StructureKind,
    ("territory.set", "kind"): TerritoryKind,
    **{(f"referral.{act.value}", "state"): State for act in Act},
}

# Values that are ids: whose name they are looked for.
USERS: frozenset[Key] = frozenset({("session.open", "user"), ("session.end", "user"), ("follow_up.hold", "to")})
STRUCTURES: frozenset[Key] = frozenset(
    {
        ("hand_over.accept", "from"),
        ("hand_over.accept", "to"),
        ("referral.link_open", "structure"),
        ("referral.read", "structure"),
    }
)


def _day(value: str) -> str:
    return formats.day(date.fromisoformat(value))


def _term(value: str) -> str:
    return term.label if (term := read_term(value)) else value


def _area(value: str) -> str:
    return place_of(value).name or str(_("Tout le réseau"))


def _family(value: str) -> str:
    return str(Family(value).label) if value in set(Family) else words_of(value)


# Values with a way of their own to be said.
SPOKEN: dict[Key, Callable[[Any], str]] = {
    (ANY, "area"): _area,
    (ANY, "columns"): lambda columns: ", ".join(str(column_of_place(one)) for one in columns),
    (ANY, "family"): _family,
    (ANY, "hash"): lambda value: str(value)[:12],
    (ANY, "period"): _term,
    (ANY, "questions"): lambda asked: str(len(asked)),
    (ANY, "sections"): lambda mask: ", ".join(section_labels(Section(mask))),
    (ANY, "signed_on"): _day,
}
# Numbers, answers by yes or no, and what is nobody’s code: a fingerprint, an official code.
PLAIN = frozenset(
    {
        "account",
        "answered",
        "closes",
        "code",
        "communes",
        "completes",
        "corrects",
        "count",
        "created",
        "ended",
        "kept",
        "people",
        "purged",
        "refused",
        "secrecy",
        "sensitive",
        "silent",
        "unchanged",
        "up_to",
        "updated",
        "without_clock",
        "without_next",
        "without_referent",
    }
)


def detail_of(action: str, key: str, value: Any, names: Mapping[str, str]) -> tuple[str, str]:
    """A detail in words: what it is about, and what is said of it, empty when nothing is. `names`: those of ids."""
    label = str(_of(LABELS, action, key) or key)
    if value in (None, ""):
        return label, ""
    if isinstance(value, bool):
        return label, str(_("oui") if value else _("non"))
    if (action, key) in USERS | STRUCTURES:
        return label, names.get(str(value), str(_("quelqu’un qui n’est plus là")))
    return label, _said(action, key, value)


def _said(action: str, key: str, value: Any) -> str:
    codes, speaks = _of(CODES, action, key), _of(SPOKEN, action, key)
    if codes is not None:
        several = value if isinstance(value, list) else [value]
        return ", ".join(_word(codes, str(one).partition(".")[0] if key == "route" else str(one)) for one in several)
    return speaks(value) if speaks else str(value)


def _of(table: Mapping[Key, Any], action: str, key: str) -> Any:
    return table.get((action, key), table.get((ANY, key)))


def _word(codes: type[StrEnum] | Mapping[str, str], code: str) -> str:
    """Its words; the code itself when it is unknown (an older version wrote it)."""
    if isinstance(codes, Mapping):
        return str(codes.get(code, code))
    return str(codes(code).label) if code in {one.value for one in codes} else code  # type: ignore[attr-defined]


def names_asked(action: str, details: Mapping[str, Any], keys: frozenset[Key]) -> set[str]:
    """The ids in these details whose name is to be looked for, among `USERS` or `STRUCTURES`."""
    return {str(value) for key, value in details.items() if value and (action, key) in keys}
