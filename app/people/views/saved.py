"""Lists that one keeps: a name, codes; opened first, renamed, deleted."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.i18n import gettext as _
from app.people.actions import views as acts
from app.people.forms import ButtonForm
from app.people.forms.lists import Asked, ViewForm, choices, read_asked, worded
from app.people.queries import views as kept_views
from app.people.views.blueprint import bp
from app.people.views.listing import address


@bp.get("/listes")
@access.rule("Chacun a les listes qu’il garde", FRONT)
def kept_lists() -> ResponseReturnValue:
    """The lists that this user kept, with their criteria in words."""
    actor = gate.actor()
    offered = choices(actor, pages.today(), [], read_asked({}))
    kept = [(one, worded(read_asked(one.criteria), offered)) for one in kept_views.kept(actor)]
    return pages.render("people/kept_lists.html", kept=kept, form=ButtonForm())


def _worded(actor: Actor, asked: Asked) -> list[str]:
    return worded(asked, choices(actor, pages.today(), [], asked))


@bp.route("/listes/nouvelle", methods=["GET", "POST"])
@access.rule("Chacun garde la liste qu’il regarde", FRONT)
def keep_list() -> ResponseReturnValue:
    """Keep the criteria of the address under a name."""
    actor, form, asked = gate.actor(), ViewForm(), read_asked(request.args)
    kept = form.save(lambda: acts.keep(actor, form.name.data or "", asked.codes, is_default=bool(form.is_default.data)))
    if kept is not None:
        flash(_("La liste est gardée."), "success")
        return redirect(url_for("people.index", vue=kept.id), 303)
    words = _worded(actor, asked)
    back_url = address(asked.codes)
    return pages.render("people/keep_list.html", form.status, form=form, words=words, back_url=back_url, known=None)


@bp.route("/listes/<uuid:list_view_id>", methods=["GET", "POST"])
@access.rule("Chacun renomme les listes qu’il garde", FRONT)
def edit_list(list_view_id: UUID) -> ResponseReturnValue:
    """Another name; opened first, or not."""
    actor = gate.actor()
    known = kept_views.one_kept(actor, list_view_id)
    form = ViewForm(data={"name": known.name, "is_default": known.is_default})
    done = form.save(lambda: acts.rename(actor, known.id, form.name.data or "", is_default=bool(form.is_default.data)))
    if done is not None:
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("people.kept_lists"), 303)
    words = _worded(actor, read_asked(known.criteria))
    back_url = url_for("people.kept_lists")
    return pages.render("people/keep_list.html", form.status, form=form, words=words, back_url=back_url, known=known)


@bp.post("/listes/<uuid:list_view_id>/supprimer")
@access.rule("Chacun supprime les listes qu’il garde", FRONT)
def delete_list(list_view_id: UUID) -> ResponseReturnValue:
    """Forget the list; the people in it are untouched."""
    actor, form = gate.actor(), ButtonForm()
    known = kept_views.one_kept(actor, list_view_id)
    if form.save(lambda: acts.delete(actor, known.id)) is not None:
        flash(_("La liste « %(name)s » est supprimée. Les personnes n’ont pas changé.", name=known.name), "success")
    return redirect(url_for("people.kept_lists"), 303)
