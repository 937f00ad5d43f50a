"""Plain sentences made from figures: right in gender and number, for zero, one and many, never more than the figure says."""

from __future__ import annotations

from babel.numbers import format_decimal

from app.kernel.i18n import gettext as _
from app.kernel.i18n import language, ngettext
from app.pilotage.formulas.figures import Figures

Told = int | None


def number(value: int) -> str:
    """« 12 500 »."""
    text: str = format_decimal(value, "#,##0", locale="fr_FR" if language() == "fr" else "en_GB")
    return text


def share(part: int, whole: int) -> str:
    """« 43 % », the points that are reached."""
    return _("%(share)d %%", share=100 * part // whole)


def _n(singular: str, plural: str, count: int, **values: object) -> str:
    """One or several, the number written as the language writes it under `%(n)s`."""
    return ngettext(singular, plural, count, n=number(count), **values)


def activity(told: Figures, opening: str) -> list[str]:
    """What the network did."""
    found = [_accompanied(told.total("accompaniments"), opening)]
    people = told.total("people")
    if people is not None:
        found.append(_people(people, told.part("novelty", "people", "new")))
    hours, workshops = told.total("hours"), told.total("workshops")
    if hours:
        found.append(_hours(hours, workshops))
    return found


def _accompanied(count: Told, opening: str) -> str:
    if count is None:
        return _(
            "%(opening)s, le nombre d’accompagnements est masqué : il porterait sur trop peu de personnes.",
            opening=opening,
        )
    if count == 0:
        return _("%(opening)s, le réseau n’a noté aucun accompagnement.", opening=opening)
    return _n(
        "%(opening)s, le réseau a réalisé %(n)s accompagnement.",
        "%(opening)s, le réseau a réalisé %(n)s accompagnements.",
        count,
        opening=opening,
    )


def _people(people: int, new: Told) -> str:
    if people == 0:
        return _("Aucune personne inscrite au registre n’a été accompagnée.")
    said = _n("%(n)s personne inscrite a été accompagnée", "%(n)s personnes inscrites ont été accompagnées", people)
    if new is None:
        return said + "."
    if new == 0:
        return _("%(said)s ; aucune ne venait pour la première fois.", said=said)
    came = _n("%(n)s venait pour la première fois", "%(n)s venaient pour la première fois", new)
    return _("%(said)s ; %(came)s.", said=said, came=came)


def _hours(hours: int, workshops: Told) -> str:
    said = _n("Cela représente %(n)s heure de séance", "Cela représente %(n)s heures de séance", hours)
    if not workshops:
        return said + "."
    held = _n("dont %(n)s atelier", "dont %(n)s ateliers", workshops)
    return _("%(said)s, %(held)s.", said=said, held=held)


def needs(told: Figures, labels: dict[str, str]) -> list[str]:
    """What people asked for, and what became of it."""
    opened, resolved = told.total("needs_opened"), told.total("needs_resolved")
    found = []
    if opened is not None:
        found.append(_opened(opened))
    if resolved is not None:
        found.append(_resolved(resolved))
    most = _most(told, "kind", "needs_opened")
    if most is not None and most[1] > 1:
        found.append(
            _("La demande la plus fréquente : « %(label)s » (%(n)s).", label=labels[most[0]], n=number(most[1]))
        )
    return found


def _opened(count: int) -> str:
    if count == 0:
        return _("Aucune demande n’a été ouverte.")
    return _n("%(n)s demande a été ouverte.", "%(n)s demandes ont été ouvertes.", count)


def _resolved(count: int) -> str:
    if count == 0:
        return _("Aucune demande n’a été résolue.")
    return _n(
        "%(n)s demande a été résolue, en tout ou en partie.",
        "%(n)s demandes ont été résolues, en tout ou en partie.",
        count,
    )


def _most(told: Figures, breakdown: str, indicator: str) -> tuple[str, int] | None:
    """The largest category, when it is told: a hidden one is never the largest of those shown, nor is a tie."""
    lines = told.lines(breakdown, indicator)
    ordered = sorted(((line.value or 0, line.code) for line in lines), reverse=True)
    together = max((line.value or 0 for line in told.groups(breakdown, indicator)), default=0)
    if not ordered or not ordered[0][0] or ordered[0][0] <= together:
        return None
    if len(ordered) > 1 and ordered[1][0] == ordered[0][0]:
        return None
    return ordered[0][1], ordered[0][0]


def network(told: Figures) -> list[str]:
    """What went from one structure to another."""
    sent, within = told.total("referrals_sent"), told.part("answer", "referrals_sent", "within")
    found = []
    if sent is not None:
        found.append(_sent(sent, within, told.at_least("answer", "referrals_sent", "within", "other")))
    closed, met = told.total("referrals_closed"), told.part("outcome", "referrals_closed", "met")
    if closed is not None:
        found.append(_closed(closed, met, told.at_least("outcome", "referrals_closed", "met", "other")))
    travelled, nearer = told.total("travelled"), told.part("distance", "travelled", "nearer")
    if travelled and nearer is not None:
        found.append(_travelled(travelled, nearer))
    return found


def _sent(sent: int, within: Told, least: Told) -> str:
    if sent == 0:
        return _("Aucune orientation n’a été envoyée d’une structure à une autre.")
    said = _n(
        "%(n)s orientation a été envoyée d’une structure à une autre",
        "%(n)s orientations ont été envoyées d’une structure à une autre",
        sent,
    )
    if within is None and least is not None:
        return _(
            "%(said)s ; au moins %(n)s ont reçu une réponse en 9 jours ouvrés (%(share)s ou plus).",
            said=said,
            n=number(least),
            share=share(least, sent),
        )
    if within is None:
        return said + "."
    if within == 0:
        return _("%(said)s ; aucune n’a reçu de réponse en 9 jours ouvrés.", said=said)
    answered = _n("%(n)s a reçu une réponse", "%(n)s ont reçu une réponse", within)
    return _(
        "%(said)s ; %(answered)s en 9 jours ouvrés au plus (%(share)s).",
        said=said,
        answered=answered,
        share=share(within, sent),
    )


def _closed(closed: int, met: Told, least: Told) -> str:
    if closed == 0:
        return _("Aucune orientation ne s’est terminée.")
    said = _n("%(n)s orientation s’est terminée", "%(n)s orientations se sont terminées", closed)
    if met is None and least is not None:
        return _(
            "%(said)s ; le besoin a été couvert, en tout ou en partie, pour au moins %(met)s.",
            said=said,
            met=number(least),
        )
    if met is None:
        return said + "."
    if met == 0:
        return _("%(said)s ; le besoin n’a été couvert pour aucune.", said=said)
    return _("%(said)s ; le besoin a été couvert, en tout ou en partie, pour %(met)s.", said=said, met=number(met))


def _travelled(people: int, nearer: int) -> str:
    evaluated = _n("Sur %(n)s personne évaluée deux fois", "Sur %(n)s personnes évaluées deux fois", people)
    if nearer == 0:
        return _("%(evaluated)s, aucune ne s’est nettement rapprochée du numérique.", evaluated=evaluated)
    closer = _n(
        "%(n)s s’est nettement rapprochée du numérique", "%(n)s se sont nettement rapprochées du numérique", nearer
    )
    return _("%(evaluated)s, %(closer)s.", evaluated=evaluated, closer=closer)


def blocked(told: Figures) -> list[str]:
    """What does not move."""
    found = []
    waiting, declined = told.total("needs_waiting"), told.total("referrals_declined")
    if waiting is not None:
        found.append(_waiting(waiting))
    sent, late = told.total("referrals_sent"), told.part("answer", "referrals_sent", "other")
    if sent and late is not None:
        found.append(_unanswered(late))
    if declined is not None:
        found.append(_declined(declined))
    return found


def _waiting(count: int) -> str:
    if count == 0:
        return _("Aucune demande n’attend depuis plus de 90 jours.")
    return _n(
        "%(n)s demande attend depuis plus de 90 jours.", "%(n)s demandes attendent depuis plus de 90 jours.", count
    )


def _unanswered(count: int) -> str:
    if count == 0:
        return _("Toutes les orientations envoyées ont reçu une réponse en 9 jours ouvrés.")
    return _n(
        "%(n)s orientation n’a pas reçu de réponse en 9 jours ouvrés.",
        "%(n)s orientations n’ont pas reçu de réponse en 9 jours ouvrés.",
        count,
    )


def _declined(count: int) -> str:
    if count == 0:
        return _("Aucune orientation n’a été refusée.")
    return _n("%(n)s orientation a été refusée.", "%(n)s orientations ont été refusées.", count)


def not_compared(when: str) -> str:
    """Why there is no trend. `when`: « le 1er trimestre 2026 »."""
    return _("Pas de comparaison avec %(when)s : sa synthèse n’a pas été publiée.", when=when)


def trend(now: Told, then: Told, when: str) -> str:
    """The change since another published period. `when`: « le 1er trimestre 2026 »."""
    if now is None or then is None:
        return _("Pas de comparaison avec %(when)s : un des deux chiffres est masqué.", when=when)
    if now == then:
        return _("Autant que pour %(when)s.", when=when)
    gap = number(abs(now - then))
    if now > then:
        return _("%(gap)s de plus que pour %(when)s (%(then)s).", gap=gap, when=when, then=number(then))
    return _("%(gap)s de moins que pour %(when)s (%(then)s).", gap=gap, when=when, then=number(then))


def share_trend(now: Told, then: Told, when: str) -> str:
    """The same for shares in points (0 to 100)."""
    if now is None or then is None or now == then:
        return trend(now, then, when)
    gap = ngettext("%(num)d point", "%(num)d points", abs(now - then))
    if now > then:
        return _("%(gap)s de plus que pour %(when)s (%(then)d %%).", gap=gap, when=when, then=then)
    return _("%(gap)s de moins que pour %(when)s (%(then)d %%).", gap=gap, when=when, then=then)


def anonymous(count: int) -> str:
    """People met without being registered."""
    return _n(
        "%(n)s participation sans nom a été notée, en plus des personnes inscrites.",
        "%(n)s participations sans nom ont été notées, en plus des personnes inscrites.",
        count,
    )


def communes_shown(shown: int, whole: int) -> str:
    """How many communes the map tells something of."""
    return _n(
        "%(n)s commune sur %(whole)s a un chiffre.", "%(n)s communes sur %(whole)s ont un chiffre.", shown, whole=whole
    )
