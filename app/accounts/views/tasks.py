"""« À faire » of those who administer: reviews, invitations without an answer, structures to complete."""

from __future__ import annotations

from flask import url_for

from app.accounts import queries
from app.accounts.queries import waiting
from app.accounts.queries.waiting import WaitingInvitations
from app.kernel import drafts, formats, gate, pages
from app.kernel.access import Actor
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.panels import Task

# As many reviews have a line each; more of them share one.
MOST_REVIEWS = 3


def tasks(actor: Actor) -> list[Task]:
    """The yearly review when it is due, invitations that wait, structures without a manager or without an agreement."""
    reviews = _reviews(queries.reviews_due(actor, pages.today()))
    invited = [_invited(one) for one in waiting.waiting_invitations(actor, pages.timezone())]
    return [*_typed(actor), *reviews, *invited, *_structures(actor)]


def _typed(actor: Actor) -> list[Task]:
    """What this user was writing when they handed over, or when their session expired."""
    title = _("Reprendre ce que vous écriviez")
    return [
        Task(
            pages.today(),
            title,
            _("Écrit à %(hour)s, gardé une heure pour vous.", hour=formats.hour(one.at, pages.timezone())),
            f"{one.path}?reprise={one.token}",
            urgent=True,
        )
        for one in drafts.waiting(actor.user_id)
        if gate.can_be_shown(one.path)
    ]


def _reviews(found: list[queries.ReviewDue]) -> list[Task]:
    """One line each; a single one for many, behind which the list of structures says which."""
    if len(found) <= MOST_REVIEWS:
        return [_review(one) for one in found]
    title = ngettext("%(num)d structure : revoir qui a accès", "%(num)d structures : revoir qui a accès", len(found))
    text = _("La plus ancienne attend depuis le %(day)s.", day=formats.day(found[0].due))
    return [Task(found[0].due, title, text, url_for("administration.structures") + "#revues")]


def _review(one: queries.ReviewDue) -> Task:
    url = url_for("administration.review", controller_id=one.structure_id)
    return Task(one.due, _("Revoir qui a accès"), one.structure_name, url)


def _invited(one: WaitingInvitations) -> Task:
    title = ngettext("%(num)d invitation attend une réponse", "%(num)d invitations attendent une réponse", one.count)
    url = url_for("administration.members", controller_id=one.structure_id)
    return Task(one.first_end, title, one.structure_name, url)


def _structures(actor: Actor) -> list[Task]:
    today, url = pages.today(), url_for("administration.structures")
    alone, unsigned = waiting.without_manager(actor, today), waiting.without_agreement(actor)
    found: list[Task] = []
    if alone:
        title = ngettext("%(num)d structure sans responsable", "%(num)d structures sans responsable", alone)
        found.append(Task(today, title, _("Invitez quelqu’un qui donnera les accès."), url))
    if unsigned:
        title = ngettext("%(num)d structure sans convention", "%(num)d structures sans convention", unsigned)
        found.append(Task(today, title, _("Sans la date de signature, elle ne peut rien partager."), url))
    return found
