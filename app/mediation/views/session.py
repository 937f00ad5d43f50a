"""One session: its page, its correction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, formats, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.mediation import actions, policy, queries
from app.mediation.enums import SessionKind
from app.mediation.forms import SessionFields, SessionForm, WorkshopCorrectionForm
from app.mediation.queries import SessionView
from app.mediation.views.blueprint import bp
from app.mediation.views.log import form_page, proposals
from app.people.enums import AgeBand, Genre, SocialStatus
from app.territory import communes


@bp.get("/seances/<uuid:session_id>")
@access.rule("La structure qui a noté la séance, et qui peut lire les séances de la personne", FRONT)
def show(session_id: UUID) -> ResponseReturnValue:
    """One session."""
    actor = gate.actor()
    session = queries.get(actor, session_id)
    return pages.render(
        "mediation/show.html",
        session=session,
        who=who_words(session.kind, session.people, session.person, session.attached),
        facts=_facts(session),
        can_correct=policy.can_correct(actor, session),
        can_attach=_attachable(session) and policy.can_attach(actor, session),
    )


@bp.route("/seances/<uuid:session_id>/corriger", methods=["GET", "POST"])
@access.rule("Qui a noté la séance la corrige, ou un conseiller de la même structure", FRONT)
def correct(session_id: UUID) -> ResponseReturnValue:
    """Correct a session."""
    actor = gate.actor()
    session = queries.get(actor, session_id)
    if not policy.can_correct(actor, session):
        raise NotFound
    form = _form(actor, session)
    if not form.checks_commune():
        today, version = pages.today(), form.typed_version
        saved = form.save(lambda: actions.correct_session(actor, session_id, form.to_data(), version, today))
        if saved is not None:
            flash(_("Séance corrigée."), "success")
            return redirect(url_for("mediation.show", session_id=session_id), 303)
    who = who_words(session.kind, session.people, session.person, session.attached)
    return form_page(form, "mediation/correct.html", session=session, who=who)


def who_words(kind: SessionKind, people: int, name: str, attached: bool) -> str:
    """The name when it is open to the reader, else what may be said."""
    if kind is SessionKind.COLLECTIF:
        return ngettext("Atelier, %(num)d personne", "Atelier, %(num)d personnes", people)
    return name or (_("Personne suivie auparavant") if attached else _("Personne sans nom"))


def _attachable(session: SessionView) -> bool:
    return session.kind is SessionKind.INDIVIDUEL and not session.attached


def _form(actor: Actor, session: SessionView) -> SessionFields:
    proposed = proposals(actor, session.kind)
    values: dict[str, Any] = {"prompt": proposed["prompt"], "visibilities": proposed["visibilities"]}
    values["data"] = _filled(actor, session)
    form: SessionFields = WorkshopCorrectionForm(**values)
    if session.kind is SessionKind.INDIVIDUEL:
        form = SessionForm(**values)
    if not policy.is_author(actor, session):
        form.without_note()
    return form


def _filled(actor: Actor, session: SessionView) -> dict[str, Any]:
    if session.details is None:
        raise NotFound
    kept = session.details
    shown = session.visibility in policy.visibilities(actor)
    visibility = session.visibility if session.visibility and shown else policy.default_visibility(actor)
    lists = ("materials", "demarches", "organismes", "acts")
    return {
        "version": session.version,
        "held_on": session.held_on,
        "themes": [one.value for one in session.themes],
        **_duration(kept.minutes),
        **{name: [one.value for one in getattr(kept, name)] for name in lists},
        "place_kind": kept.place_kind.value,
        "place_id": str(kept.place_id or ""),
        "commune": kept.commune_code,
        "channel": kept.channel.value,
        "autonomy": kept.autonomy.value if kept.autonomy else None,
        "posture": kept.posture.value if kept.posture else None,
        "title": session.title,
        "note": session.note or "",
        "visibility": visibility.value,
    }


def _duration(minutes: int) -> dict[str, str]:
    offered = {"15", "30", "45", "60", "90", "120"}
    if str(minutes) in offered:
        return {"minutes": str(minutes)}
    return {"other_minutes": formats.duration(minutes).replace("\u00a0", " ")}


def _facts(session: SessionView) -> list[tuple[str, str]]:
    """What is known of the session, in words, line by line."""
    found = [(_("Thèmes"), _words(session.themes))]
    kept = session.details
    if kept is not None:
        where = [kept.place_name or str(kept.place_kind.label), _commune(kept.commune_code)]
        found += [
            (_("Durée"), formats.duration(kept.minutes)),
            (_("Démarches"), _words(kept.demarches)),
            (_("Organismes"), _words(kept.organismes)),
            (_("Où"), ", ".join(part for part in where if part)),
            (_("Canal"), str(kept.channel.label)),
            (_("Matériel"), _words(kept.materials)),
            (_("Ce qui a été fait"), _words(kept.acts)),
            (_("Autonomie"), str(kept.autonomy.label) if kept.autonomy else ""),
            (_("Posture"), str(kept.posture.label) if kept.posture else ""),
        ]
    return [(label, words) for label, words in [*found, *_anonymous(session), (_("Par"), session.by)] if words]


def _anonymous(session: SessionView) -> list[tuple[str, str]]:
    facts = session.anonymous
    if facts is None:
        return []
    return [
        (_("Genre"), "" if facts.genre is Genre.NON_COMMUNIQUE else str(facts.genre.label)),
        (_("Âge"), "" if facts.age_band is AgeBand.UNKNOWN else str(facts.age_band.label)),
        (_("Situation"), "" if facts.statut_social is SocialStatus.NON_COMMUNIQUE else str(facts.statut_social.label)),
        (_("Commune de la personne"), _commune(facts.area_code)),
    ]


def _words(codes: tuple[Any, ...]) -> str:
    return ", ".join(str(one.label) for one in codes)


def _commune(code: str | None) -> str:
    return communes.label(code) if code else ""
