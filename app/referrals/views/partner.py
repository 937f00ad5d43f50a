"""The page of a partner without an account (rule 11). No session: each form carries the proof that the code was right."""

from __future__ import annotations

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from app.kernel import access, pages
from app.kernel.errors import Conflict, DomainError
from app.kernel.i18n import gettext as _
from app.kernel.writes import later, retrying
from app.kernel.writes.submissions import answered, body_hash, claim
from app.people.enums import section_labels
from app.referrals import machine, policy, queries
from app.referrals.actions import linking
from app.referrals.actions import partner as actions
from app.referrals.actions.linking import Dead
from app.referrals.enums import Act, Side
from app.referrals.forms.partner import FORMS, CodeForm, PartnerForm
from app.referrals.queries import Serving
from app.referrals.views.blueprint import bp

OFFERED = {"accept": Act.ACCEPT, "decline": Act.DECLINE, "start": Act.START, "news": Act.MESSAGE, "close": Act.CLOSE}


@bp.route("/lien/<given_id>", methods=["GET", "POST"])
@access.public("Un partenaire sans compte lit et répond par le lien et le code que l’expéditeur lui a donnés")
def partner(given_id: str) -> ResponseReturnValue:
    """Without the code, what travels before acceptance; with it, what the partner may do, and the person once accepted."""
    g.secret_address = True
    found = queries.by_token(given_id)
    if request.method == "POST":
        return _answer(given_id, found)
    if found is None:
        return _closed()
    if request.method == "GET":
        link_id = found.link.id
        later(lambda: actions.seen(link_id))
    return _page(found, CodeForm(formdata=None), "")


def _closed() -> ResponseReturnValue:
    """Unknown, ended, locked, past its deadline: one page."""
    return pages.render("errors/link.html", 404, done=False)


def _answer(token: str, found: Serving | None) -> ResponseReturnValue:
    form = FORMS.get(request.form.get("act", ""), CodeForm)()
    if found is None:
        return _sent_again(token, form) if _comes_from_here() else pages.error_page(400, "")
    link_id = found.link.id
    try:
        done = form.save(lambda: _do(token, form))
    except Dead:
        later(lambda: linking.lock_if_spent(link_id))
        return _closed()
    _say_lapsed(form)
    shown = done or queries.by_token(token)
    return _page(shown, form, form.act if done else "") if shown else _closed()


def _comes_from_here() -> bool:
    """The request carries this browser’s own form token."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _say_lapsed(form: PartnerForm) -> None:
    """The form’s own token did not count: the cookie was refused, or the page is from another day."""
    if form.csrf_token.errors:
        form.status = 400
        form.csrf_token.errors = [_("Cette page est restée ouverte trop longtemps. Relisez, puis recommencez.")]


def _do(token: str, form: PartnerForm) -> Serving:
    """The code first, unless the page proves that it was given; then the act, once."""
    found = queries.by_token(token)
    if found is None or not actions.proven(found, form.proof.data or ""):
        found = _with_code(token, form)
    form.unlocked = True
    if not isinstance(form, CodeForm):
        _once(found, form)
    return found


def _with_code(token: str, form: PartnerForm) -> Serving:
    """The try is counted in a transaction of its own, before anything is compared."""
    typed = (form.code.data or "").strip()
    if not typed:
        raise DomainError(_("Écrivez le second code."), "code")
    counted = retrying(lambda: linking.begin_try(token, request.remote_addr or ""))
    return linking.check_code(counted, typed)


def _once(found: Serving, form: PartnerForm) -> None:
    if form.key is None:
        raise DomainError(_("Rechargez la page, puis recommencez."))
    if claim(found.link.id, form.key, _digest()) is None:
        form.perform(found)
        answered(found.link.id, form.key, "")


def _digest() -> str:
    return body_hash(str(current_app.secret_key), request.path, request.form)


def _sent_again(token: str, form: PartnerForm) -> ResponseReturnValue:
    """A form that ended its link, sent twice: it was written once, and says so without showing anything."""
    link_id = queries.ended_link(token)
    if link_id is None or form.key is None or isinstance(form, CodeForm):
        return _closed()
    try:
        known = claim(link_id, form.key, _digest())
    except Conflict:
        return _closed()
    return pages.render("errors/link.html", done=True) if known is not None else _closed()


def _page(found: Serving, form: PartnerForm, done: str) -> ResponseReturnValue:
    referral = found.referral
    view = queries.partner_view(referral, found.link, form.unlocked)
    if view.record is not None:
        referral_id = referral.id
        later(lambda: actions.read(referral_id))
    ended = policy.step_of(referral.state) is not found.link.step
    return pages.render(
        "referrals/partner.html",
        form.status,
        v=view,
        form=form,
        unlocked=form.unlocked,
        offered=_offered(found, form, done) if form.unlocked and not ended else {},
        done=done if done != CodeForm.act else "",
        ended=ended,
        ends_at=None if ended else policy.deadline(referral),
        shared=section_labels(view.record.sections) if view.record else [],
    )


def _offered(found: Serving, form: PartnerForm, done: str) -> dict[str, PartnerForm]:
    """The acts of this state, each with its form; the one that was refused keeps what was typed."""
    possible = machine.acts_for(found.referral.state, True, Side.PARTNER)
    proof, version = actions.proof(found), queries.stamp_of(found.referral.id)
    made: dict[str, PartnerForm] = {}
    for name, act in OFFERED.items():
        if act in possible:
            kept = name == form.act and not done
            made[name] = form if kept else FORMS[name](formdata=None, data={"version": version})
            made[name].proof.data = proof
    return made
