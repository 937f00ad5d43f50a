"""« Donner le lien » : for a partner without an account, the sender makes, sends, renews and cancels the link of the step."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin
from uuid import UUID

import segno
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT
from app.kernel.i18n import gettext as _
from app.network import queries as network_queries
from app.referrals import policy, queries
from app.referrals.actions import linking
from app.referrals.actions.linking import Made
from app.referrals.forms import ConfirmForm
from app.referrals.queries import LinkPage
from app.referrals.views.blueprint import bp

RULE = "Qui envoie l’orientation donne un lien au partenaire qui n’a pas de compte"


@bp.route("/orientations/<uuid:sent_id>/lien", methods=["GET", "POST"])
@access.rule(RULE, FRONT)
def link(sent_id: UUID) -> ResponseReturnValue:
    """The state of the link; made by the button, it is shown once with its code."""
    actor, form = gate.actor(), ConfirmForm()
    found = queries.link_page(actor, sent_id)
    made = form.save(lambda: linking.make_link(actor, sent_id))
    if made is not None:
        return _made(sent_id, found, made)
    return pages.render(
        "referrals/link.html",
        form.status,
        layout="layouts/narrow.html",
        form=form,
        page=found,
        made=None,
        sent_id=sent_id,
        name=_name(found),
    )


def _name(found: LinkPage) -> str:
    return network_queries.names(gate.actor(), {found.recipient_id})[found.recipient_id]


def _made(sent_id: UUID, found: LinkPage, made: Made) -> ResponseReturnValue:
    """Shown in answer to the button, at no address of its own: going back or reloading makes another link."""
    address = urljoin(request.url_root, made.address)
    layout = "layouts/narrow.html" if found.protected else "layouts/print.html"
    return pages.render(
        "referrals/link.html",
        layout=layout,
        page=found,
        made=replace(made, address=address),
        name=_name(found),
        sender=_sender(),
        qr=segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4),
        back_url=url_for("referrals.link", sent_id=sent_id),
    )


def _sender() -> str:
    """Our own name on the paper; nothing that would betray a sensitive structure."""
    structure = network_queries.structure(gate.actor().structure_id)
    return "" if structure.sensitive else structure.name


@bp.post("/orientations/<uuid:sent_id>/lien/courriel")
@access.rule(RULE, FRONT)
def mail_link(sent_id: UUID) -> ResponseReturnValue:
    """Send the link to the structure’s own address; never the code."""
    linking.mail_link(gate.actor(), sent_id)
    flash(_("Le lien part par courriel. Donnez le code autrement : de vive voix, ou sur papier."), "success")
    return redirect(url_for("referrals.link", sent_id=sent_id), 303)


@bp.post("/orientations/<uuid:sent_id>/lien/annuler")
@access.rule(RULE, FRONT)
def cancel_link(sent_id: UUID) -> ResponseReturnValue:
    """The link opens nothing any more."""
    linking.cancel_link(gate.actor(), sent_id)
    flash(_("Le lien est annulé. Il n’ouvre plus rien."), "success")
    return redirect(url_for("referrals.link", sent_id=sent_id), 303)


def gives_link(referral_id: UUID) -> bool:
    """Whether the referral’s page shows « Donner le lien »."""
    return policy.can_send(gate.actor()) and queries.needs_link(gate.actor(), referral_id)
