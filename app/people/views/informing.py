"""People registered from a file: giving them the notice, asking them about the shared register."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.due import MOST_COUNTED, Names, Row, Source, Told, count_of, some_today
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.people import policy, queries
from app.people.actions.informing import give_notice
from app.people.enums import NoticeWay
from app.people.forms.files import NoticeForm
from app.people.queries import informing as records
from app.people.queries.informing import ToInformPage
from app.people.views.blueprint import bp


@bp.get("/a-informer")
@access.rule("On voit les personnes inscrites par un fichier à qui la notice reste à donner", FRONT)
def to_inform() -> ResponseReturnValue:
    """Who waits for the notice, or for the question of the shared register."""
    page = records.to_inform(gate.actor(), request.args.get("page", 1, type=int))
    return pages.render("people/to_inform.html", rows=page.rows, pager=_pager(page))


def _pager(page: ToInformPage) -> dict[str, object]:
    def address(number: int) -> str | None:
        return url_for("people.to_inform", page=number) if 1 <= number <= page.pages else None

    return {
        "number": page.number,
        "pages": page.pages,
        "prev_url": address(page.number - 1),
        "next_url": address(page.number + 1),
        "total_label": ngettext("%(num)d personne à informer", "%(num)d personnes à informer", page.total),
    }


@bp.route("/<uuid:person_id>/notice-remise", methods=["GET", "POST"])
@access.rule("Qui suit la personne note que la notice d’information lui a été donnée", FRONT)
def notice_given(person_id: UUID) -> ResponseReturnValue:
    """Note how the notice reached the person; then the shared register is asked about."""
    actor, form = gate.actor(), NoticeForm()
    card = queries.card(actor, person_id)
    if card.identity is None or not policy.can_record_consent(actor, card.granted):
        raise NotFound
    given = form.save(lambda: give_notice(actor, card.granted, NoticeWay(form.notice_way.data)))
    if given is not None:
        flash(_("La notice est notée."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    return pages.render("people/notice_given.html", form.status, form=form, card=card)


def _task(_actor: Actor, row: Row, _names: Names) -> Told:
    count = count_of(row)
    title = (
        _("Plus de %(num)d personnes importées à informer", num=MOST_COUNTED)
        if count > MOST_COUNTED
        else ngettext("%(num)d personne importée à informer", "%(num)d personnes importées à informer", count)
    )
    text = _("Donnez-leur la notice, puis demandez-leur leur réponse pour le registre partagé.")
    return Told(title, text, url_for("people.to_inform"))


# One line for everybody who waits: they are informed when they come, or at the next call.
tasks = Source(records.some_wait, some_today, _task)
