"""« Doublons possibles » : the work list, two records side by side, merging, undoing; the silent notice of a partner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.kernel import access, clock, gate, pages
from app.kernel.access import ADVISING, Actor
from app.kernel.due import Names, Row, Source, Told, When
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.phones import format_phone
from app.people.actions import likeness, merging
from app.people.actions.merging import CHOSEN, FACTS, NEWER, OLDER
from app.people.enums import Genre, SocialStatus
from app.people.forms import ButtonForm, MergeForm
from app.people.models import Person
from app.people.queries import duplicates as records
from app.people.queries.duplicates import MergeLine, Pair, PairLine, PairPage
from app.people.views.blueprint import bp
from app.territory import communes

# There is no hurry: the person is asked when they come.
NOTICE_DAYS = timedelta(days=30)
UNSAID = frozenset({None, "", Genre.NON_COMMUNIQUE, SocialStatus.NON_COMMUNIQUE})


@bp.get("/doublons")
@access.rule(
    "Les conseillers et les responsables voient les doublons possibles parmi les personnes qu’ils lisent", ADVISING
)
def duplicates() -> ResponseReturnValue:
    """Pairs of records that may be the same person; those set aside under « écartés »."""
    actor, set_aside = gate.actor(), request.args.get("voir") == "ecartes"
    page = records.pairs(actor, request.args.get("page", 1, type=int), dismissed=set_aside)
    return pages.render(
        "people/duplicates.html",
        pairs=[_line(line) for line in page.rows],
        pager=_pager(page, set_aside),
        set_aside=set_aside,
        merges=[_merge(one) for one in records.merges(actor)],
        form=ButtonForm(formdata=None),
    )


def _line(line: PairLine) -> dict[str, Any]:
    return {
        "pair": line,
        "reasons": [str(reason.label) for reason in line.reasons],
        "sides": [(side, communes.label(side.commune_code) if side.commune_code else "") for side in line.sides],
    }


def _merge(one: MergeLine) -> dict[str, Any]:
    at = clock.local(one.at, pages.timezone()).date()
    until = clock.local(one.until, pages.timezone()).date()
    return {"merge": one, "at": at, "until": until}


def _pager(page: PairPage, set_aside: bool) -> dict[str, object]:
    def address(number: int) -> str | None:
        inside = 1 <= number <= page.pages
        return url_for("people.duplicates", page=number, voir="ecartes" if set_aside else None) if inside else None

    return {
        "number": page.number,
        "pages": page.pages,
        "prev_url": address(page.number - 1),
        "next_url": address(page.number + 1),
        "total_label": ngettext("%(num)d doublon possible", "%(num)d doublons possibles", page.total),
    }


@bp.route("/doublons/<uuid:pair_id>", methods=["GET", "POST"])
@access.rule("Qui peut écrire sur les deux fiches les compare et les fusionne", ADVISING)
def merge(pair_id: UUID) -> ResponseReturnValue:
    """Two records side by side; for each field, which value is right."""
    actor = gate.actor()
    pair = records.pair(actor, pair_id)
    form = MergeForm(data=_proposed(pair))
    offered = _offer(form, pair)
    done = form.save(lambda: merging.merge(actor, pair_id, form.to_data(), pages.today()))
    if done is not None:
        flash(_("Les deux fiches n’en font plus qu’une. Vous pouvez revenir en arrière pendant 30 jours."), "success")
        return redirect(url_for("people.show", person_id=done.kept_id), 303)
    return pages.render("people/merge.html", form.status, form=form, **offered, **_line(pair.line))


def _proposed(pair: Pair) -> dict[str, Any]:
    """The older record’s values, and the newer’s where the older says nothing."""
    older, newer = pair.people
    found = {name: NEWER if _value(older, name) in UNSAID else OLDER for name in CHOSEN}
    return {**found, "keep": OLDER, "version": older.version + newer.version}


def _offer(form: MergeForm, pair: Pair) -> dict[str, Any]:
    """Write both values in each choice; returns the fields where one has to choose, and what is the same and known."""
    older, newer = pair.people
    form.keep.choices = [SelectChoice(OLDER, older.code), SelectChoice(NEWER, newer.code)]
    found: dict[str, Any] = {"differing": [], "same": []}
    for name in CHOSEN:
        values = [_shown(name, _value(person, name)) for person in pair.people]
        form[name].choices = [
            SelectChoice(side, value or _("(rien)")) for side, value in zip("ab", values, strict=True)
        ]
        if values[0] != values[1]:
            found["differing"].append(name)
        elif _value(older, name) not in UNSAID:
            found["same"].append((name, values[0]))
    return found


def _value(person: Person, name: str) -> Any:
    return getattr(person if name in FACTS else person.identity, name)


def _shown(name: str, value: Any) -> str:
    if name == "commune_code":
        return communes.label(value) if value else ""
    if name == "phone":
        return format_phone(value)
    return "" if value is None else str(getattr(value, "label", value))


@bp.post("/doublons/<uuid:pair_id>/ecarter")
@access.rule("Qui peut fusionner deux fiches dit aussi que ce ne sont pas les mêmes personnes", ADVISING)
def say_different(pair_id: UUID) -> ResponseReturnValue:
    """« Ce ne sont pas les mêmes » : kept."""
    return _decide(lambda: likeness.say_different(gate.actor(), pair_id), _("C’est noté : ce sont deux personnes."))


@bp.post("/doublons/<uuid:pair_id>/reprendre")
@access.rule("Qui peut fusionner deux fiches remet la paire dans la liste", ADVISING)
def look_again(pair_id: UUID) -> ResponseReturnValue:
    """The pair comes back to the list."""
    return _decide(lambda: likeness.look_again(gate.actor(), pair_id), _("La paire est de retour dans la liste."))


def _decide(act: Callable[[], object], words: str) -> ResponseReturnValue:
    act()
    flash(words, "success")
    return redirect(url_for("people.duplicates"), 303)


@bp.route("/fusions/<uuid:merge_id>/annuler", methods=["GET", "POST"])
@access.rule("Qui peut écrire sur la fiche gardée annule la fusion pendant 30 jours", ADVISING)
def undo_merge(merge_id: UUID) -> ResponseReturnValue:
    """Say what will happen, then make two records again."""
    actor, form = gate.actor(), ButtonForm()
    line = records.merge(actor, merge_id)
    done = form.save(lambda: merging.undo(actor, merge_id))
    if done is not None:
        flash(_("La fusion est annulée : il y a de nouveau deux fiches."), "success")
        return redirect(url_for("people.duplicates"), 303)
    return pages.render("people/undo_merge.html", form.status, form=form, **_merge(line))


@bp.route("/ressemblances/<uuid:notice_id>", methods=["GET", "POST"])
@access.rule("La structure référente lit l’avis qu’une personne proche est inscrite ailleurs", ADVISING)
def likeness_notice(notice_id: UUID) -> ResponseReturnValue:
    """A partner registered somebody close to a person whom this structure follows: ask them when they come."""
    actor, form = gate.actor(), ButtonForm()
    notice = records.notice_of_likeness(actor, notice_id)
    seen = form.save(lambda: likeness.see_notice(actor, notice_id))
    if seen is not None:
        flash(_("C’est noté."), "success")
        return redirect(url_for("people.show", person_id=notice.person_id), 303)
    day = clock.local(notice.at, pages.timezone()).date()
    return pages.render("people/likeness.html", form.status, form=form, notice=notice, day=day)


def _due(row: Row, when: When) -> tuple[date, bool]:
    told = clock.local(row.at or clock.now(), when.timezone).date()
    return max(told + NOTICE_DAYS, when.today), False


def _task(_actor: Actor, row: Row, names: Names) -> Told:
    title = _("Demander à %(who)s si une autre structure l’accompagne", who=names.person(row))
    text = _("%(name)s a inscrit une personne proche.", name=names.other(row) or _("Une structure partenaire"))
    return Told(title, text, url_for("people.likeness_notice", notice_id=row.id))


# What the referent structure was told silently.
tasks = Source(records.notices_of_likeness, _due, _task)
