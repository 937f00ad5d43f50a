"""« Orienter » : the need and the partner, then the agreement, both previews, and sending. Nothing is lost on the way."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Granted, Section
from app.kernel.i18n import gettext as _
from app.needs import actions as need_actions
from app.needs import queries as need_queries
from app.needs.enums import NeedKind
from app.people import queries as people_queries
from app.people.enums import SECTION_LABELS
from app.referrals import actions, policy, queries
from app.referrals.enums import Act, State
from app.referrals.forms import NEW, PROPOSED, DraftForm, SendForm, default_sections
from app.referrals.machine.matching import Why
from app.referrals.models import Referral
from app.referrals.queries import Choice, Sending
from app.referrals.views.blueprint import bp
from app.referrals.views.links import gives_link

KEEP = "garder"


@bp.route("/personnes/<uuid:person_id>/orienter", methods=["GET", "POST"])
@access.rule("Qui suit la personne prépare une orientation", FRONT)
def draft(person_id: UUID) -> ResponseReturnValue:
    """Which need, which partner, which words."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    if not policy.can_draft(actor, granted.may_write):
        raise NotFound
    form = DraftForm(data={"need": request.args.get("demande")})
    parent = _parent_id()
    form.offer(need_queries.open_needs_choices(actor, granted, apart=policy.refers_apart(actor, parent)))
    partners = queries.choices(actor, person_id, _kind(actor, granted, form))
    form.offer_partners(partners)
    if not form.shows_partners():
        made = form.save(lambda: _prepare(actor, granted, form, parent))
        if made is not None:
            return redirect(url_for("referrals.send", referral_id=made.id), 303)
    return _draft_page(actor, person_id, form, partners, parent)


def _prepare(actor: Actor, granted: Granted, form: DraftForm, parent: UUID | None) -> Referral:
    return actions.draft(actor, granted, form.to_data(_need_id(actor, granted, form, parent), parent))


def _need_id(actor: Actor, granted: Granted, form: DraftForm, parent: UUID | None) -> UUID:
    """The need chosen, or the one that the new kind opens silently."""
    kind = form.new_kind()
    if kind is None:
        return UUID(form.need.data)
    apart = policy.refers_apart(actor, parent)
    return need_actions.silent_need(actor, granted, kind, form.new_demarche(), apart=apart).id


def _kind(actor: Actor, granted: Granted, form: DraftForm) -> NeedKind:
    """The need for which partners are ranked: the one chosen on the page."""
    if form.need.data == NEW or not form.need.data:
        return NeedKind(form.kind.data) if form.kind.data in set(NeedKind) else NeedKind.AUTRE
    try:
        return need_queries.get(actor, granted, UUID(form.need.data)).kind
    except ValueError as error:
        raise NotFound from error


def _parent_id() -> UUID | None:
    try:
        return UUID(request.args["suite"])
    except (KeyError, ValueError):
        return None


def _draft_page(
    actor: Actor, person_id: UUID, form: DraftForm, partners: list[Choice], parent: UUID | None
) -> ResponseReturnValue:
    proposed = [one for one in partners if one.proposed][:PROPOSED]
    return pages.render(
        "referrals/draft.html",
        form.status,
        form=form,
        person_id=person_id,
        person=people_queries.labels(actor, {person_id}).get(person_id, ""),
        hints={str(one.id): _why(one) for one in proposed},
        unsure=not proposed,
        nobody=not partners,
        follows=parent is not None,
    )


def _why(one: Choice) -> str:
    """« France Services · aide pour ce genre de demande · même commune »."""
    return " · ".join([one.kind, *(_reason(reason, one) for reason in one.reasons)])


def _reason(why: Why, one: Choice) -> str:
    words = {
        Why.KIND: _("aide pour ce genre de demande"),
        Why.SERVICE: _("l’annonce parmi ses services"),
        Why.SAME_COMMUNE: _("même commune que la personne"),
        Why.SAME_EPCI: _("tout près, à %(commune)s", commune=one.commune)
        if one.commune
        else _("même intercommunalité"),
    }
    return words[why]


@bp.route("/orientations/<uuid:referral_id>/envoyer", methods=["GET", "POST"])
@access.rule("La structure qui prépare note l’accord ; un conseiller envoie", FRONT)
def send(referral_id: UUID) -> ResponseReturnValue:
    """The agreement, both previews, and sending."""
    actor = gate.actor()
    ready, _granted = queries.sending(actor, referral_id, SHARED_BY_DEFAULT, False)
    form = SendForm(
        agreed=ready.has_agreement,
        openable=ready.openable,
        data={"version": ready.stamp, "sections": default_sections(ready.under_secrecy)},
    )
    made = form.save(lambda: _send(actor, referral_id, form))
    if made is not None:
        return _sent(made, form)
    return _send_page(actor, referral_id, form)


def _send(actor: Actor, referral_id: UUID, form: SendForm) -> Referral:
    agreement = form.agreement()
    if agreement is not None and form.says_no():
        return actions.record_refusal(actor, referral_id, agreement, form.stamp)
    if agreement is not None and KEEP in request.form:
        return actions.agree(actor, referral_id, agreement, form.stamp)
    return actions.send(actor, referral_id, agreement, form.stamp)


def _sent(made: Referral, form: SendForm) -> ResponseReturnValue:
    if form.says_no():
        flash(
            _("Le refus est noté, rien n’est parti. L’aide continue comme avant ; vous pouvez remettre un papier."),
            "info",
        )
        return redirect(url_for("referrals.slip", referral_id=made.id), 303)
    if made.state is State.DRAFT:
        flash(_("L’accord est noté. Une conseillère ou un conseiller enverra l’orientation."), "success")
        return redirect(url_for("people.show", person_id=made.person_id), 303)
    if gives_link(made.id):
        flash(_("Orientation envoyée. Ce partenaire n’a pas de compte : donnez-lui un lien et un code."), "success")
        return redirect(url_for("referrals.link", sent_id=made.id), 303)
    flash(_("Orientation envoyée."), "success")
    return redirect(url_for("referrals.show", referral_id=made.id), 303)


def _send_page(actor: Actor, referral_id: UUID, form: SendForm) -> ResponseReturnValue:
    sections = form.chosen() if form.asks else SHARED_BY_DEFAULT
    tells = bool(form.asks and form.tell_demarche.data)
    ready, _granted = queries.sending(actor, referral_id, sections, tells)
    return pages.render(
        "referrals/send.html",
        form.status,
        form=form,
        s=ready,
        can_send=Act.SEND in ready.acts,
        hints={str(int(one.section)): one.content for one in ready.opened if one.content},
        agreed=_agreed(ready),
        identity=next((one.content for one in ready.opened if one.section is Section.IDENTITY), ready.person),
    )


def _agreed(ready: Sending) -> list[str]:
    return [str(label) for section, label in SECTION_LABELS.items() if section in ready.agreed]
