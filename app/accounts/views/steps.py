"""After the right password and before any session: a code, a password of one's own, a second factor to set up."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, policy, queries
from app.accounts.enums import LinkPurpose, Step
from app.accounts.forms import CodeForm, EnrolForm, NewPasswordForm
from app.accounts.models import AccountLink, User
from app.accounts.views.blueprint import bp
from app.accounts.views.identity import limits
from app.accounts.views.second_factor import shown
from app.accounts.views.sign_in import STEP, enter, next_page, open_for, to_step
from app.kernel import access, pages

LAYOUT = "layouts/public.html"


@bp.route("/connexion/suite", methods=["GET", "POST"])
@access.public("Qui a donné le bon mot de passe termine sa connexion")
def step() -> ResponseReturnValue:
    """What is still asked."""
    found = queries.link(session.get(STEP, ""), LinkPurpose.SIGN_IN, LinkPurpose.CHECKED)
    due = _due(*found) if found else None
    if found is None or due is None:
        session.pop(STEP, None)
        return redirect(url_for("accounts.sign_in"), 303)
    answer = {Step.CODE: _code, Step.PASSWORD: _password, Step.ENROL: _enrol}[due]
    return answer(*found)


def _due(link: AccountLink, user: User) -> Step | None:
    second = queries.has_second_factor(user.id)
    checked = link.purpose is LinkPurpose.CHECKED
    return policy.next_step(user.must_change_password, second, checked, queries.roles_of(user.id, pages.today()))


def _code(link: AccountLink, user: User) -> ResponseReturnValue:
    form, user_id = CodeForm(), user.id
    right = form.save(lambda: actions.check_code(user_id, form.code.data or "", request.remote_addr or "", limits()))
    if right is None:
        return pages.render("accounts/code.html", form.status, form=form)
    actions.use_link(link.id)
    return to_step(user, LinkPurpose.CHECKED) if user.must_change_password else enter(user)


def _password(link: AccountLink, user: User) -> ResponseReturnValue:
    form, email = NewPasswordForm(), user.email
    chosen = form.save(lambda: actions.choose_first(link, form.chosen(email)))
    if chosen is None:
        return pages.render("accounts/password.html", form.status, form=form, layout=LAYOUT, why="first")
    if _due(link, user) is not None:
        return redirect(request.full_path.rstrip("?"), 303)
    actions.use_link(link.id)
    return enter(user)


def _enrol(link: AccountLink, user: User) -> ResponseReturnValue:
    form, user_id = EnrolForm(), user.id
    codes = form.save(lambda: actions.enrol(user_id, form.key_seed(), form.code.data or ""))
    if codes is None:
        return shown(form, user, layout=LAYOUT)
    actions.use_link(link.id)
    onward = next_page(user.id)
    open_for(user)
    return shown(None, user, layout=LAYOUT, codes=codes, onward=onward)
