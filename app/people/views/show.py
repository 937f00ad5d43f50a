"""A person's page: readable in ten seconds, then what the other rooms know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.kernel import access, gate, pages, panels
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.panels import Bearing, Brief, PersonPanel
from app.network import queries as network_queries
from app.people import policy, queries
from app.people.capacity import Beside
from app.people.enums import Adaptation, AgeStatus, Representative, section_labels
from app.people.forms import LANGUAGES
from app.people.queries import AdaptationView, ConsentLine, IdentityView, PersonCard
from app.people.views import history
from app.people.views.blueprint import bp
from app.territory import communes

# Card, protection, rights: what is seldom done comes after what happened.
AFTER_HISTORY = 80


@bp.get("/<uuid:person_id>")
@access.rule("Qui suit la personne lit sa fiche ; ailleurs elle n’existe pas", FRONT)
def show(person_id: UUID) -> ResponseReturnValue:
    """The person's page."""
    actor = gate.actor()
    card = queries.card(actor, person_id)
    if card.identity is None:
        raise NotFound
    shown = panels.panels_for(actor, card.granted)
    kind, past = history.asked(actor, card.granted)
    around = _around(actor, card, history.structures(past))
    return pages.render(
        "people/show.html",
        card=card,
        facts=_facts(card.identity),
        comfort=_comfort(card.adaptation),
        links=[(link, url_for(link.endpoint, person_id=person_id)) for link in panels.links_for(actor, card.granted)],
        panels=[(panel.key, _panel(panel)) for panel in shown if panel.order < AFTER_HISTORY],
        later=[(panel.key, _panel(panel)) for panel in shown if panel.order >= AFTER_HISTORY],
        brief=_brief(shown),
        history=history.told(card.granted, kind, past, around["names"]),
        can_note=policy.can_write_note(actor, card.granted),
        can_edit=policy.can_edit(actor, card.granted),
        can_record=policy.can_record_consent(actor, card.granted),
        can_mandate=policy.can_mandate(actor, card.granted),
        can_withdraw=policy.can_withdraw_consent(card.granted),
        **around,
    )


def _panel(panel: PersonPanel) -> Markup:
    return Markup(render_template(panel.template, panel=panel, **panel.context))  # noqa: S704


def _brief(shown: Iterable[PersonPanel]) -> list[tuple[Bearing, list[Brief]]]:
    """What is urgent, what was promised, what comes next: late first, then by day, those without a day last."""
    lines = [line for panel in shown for line in panel.brief]
    lines.sort(key=lambda line: (not line.late, line.day is None, line.day))
    found = [(bearing, [line for line in lines if line.bearing is bearing]) for bearing in Bearing]
    return [(bearing, some) for bearing, some in found if some]


def _around(actor: Actor, card: PersonCard, others: set[UUID]) -> dict[str, Any]:
    """Who follows, the agreements, the notices; `others`: structures to be named besides."""
    followers = queries.followers(card.granted)
    consents = queries.consents(actor, card.granted, pages.today())
    ids = others | {one.structure_id for one in followers} | {one for line in consents for one in line.recipients}
    names = network_queries.names(actor, ids)
    return {
        "names": names,
        "followers": [(names[one.structure_id], one) for one in followers],
        "consents": [(line, consent_words(line), _named(line, names), consent_around(line)) for line in consents],
        "informed": card.informed,
    }


def _named(line: ConsentLine, names: dict[UUID, str]) -> str:
    return ", ".join(names[one] for one in line.recipients)


def consent_words(line: ConsentLine) -> str:
    """What the person agreed to share, in words; empty for a refusal."""
    return " · ".join(section_labels(line.sections))


def consent_around(line: ConsentLine) -> str:
    """Who was there, who translated, and what the person said themselves; in one line."""
    there = [str(_PRESENT[code]) for code in line.present if code in _PRESENT]
    found = [_("avec : %(who)s", who=", ".join(there))] if there else []
    if line.interpreted_by:
        found.append(_("traduit par : %(who)s", who=line.interpreted_by.label))
    if line.own_word:
        why = f" ({line.why_not_asked.label})" if line.why_not_asked else ""
        found.append(f"{line.own_word.label}{why}")
    return " · ".join(found)


_PRESENT = {str(one.value): one.label for one in (*Representative, *Beside)}


def _facts(identity: IdentityView) -> list[str]:
    """Age and place, the two or three words beside the name."""
    found = [] if identity.age_status is AgeStatus.ADULT else [str(identity.age_status.label)]
    if identity.birth_year:
        age = pages.today().year - identity.birth_year
        turning = ngettext("%(num)d an cette année", "%(num)d ans cette année", age)
        found.append(_("Naissance en %(year)d (%(turning)s)", year=identity.birth_year, turning=turning))
    if identity.commune_code:
        found.append(communes.label(identity.commune_code))
    return found


def _comfort(view: AdaptationView | None) -> list[str]:
    """Adaptation needs and languages in words."""
    if view is None:
        return []
    needs = [str(Adaptation(code).label) for code in view.needs]
    spoken = [str(LANGUAGES.get(code, code)) for code in view.languages]
    return [*needs, *([_("Interprète nécessaire")] if view.interpreter else []), *spoken]
