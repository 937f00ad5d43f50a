"""The desk of the data protection officer."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.privacy import queries
from app.privacy.enums import Family
from app.privacy.forms import read_filter
from app.privacy.views.blueprint import bp


@bp.get("/journal")
@access.rule("La personne déléguée à la protection des données lit le journal de sa structure", Role.DPO)
def journal() -> ResponseReturnValue:
    """Who did what, when, wearing which hat, from which grant."""
    actor = gate.actor()
    wanted, problem = read_filter(request.args)
    found = queries.journal_page(actor, wanted, pages.timezone())
    kept: dict[str, Any] = {name: request.args[name] for name in ("du", "au", "quoi", "qui") if request.args.get(name)}
    return pages.render(
        "privacy/journal.html",
        400 if problem else 200,
        found=found,
        typed={name: request.args.get(name, "") for name in ("du", "au", "quoi", "qui")},
        problem=problem,
        families=list(Family),
        people=accounts.colleagues(actor.structure_id, pages.today(), frozenset(Role)),
        next_url=url_for("privacy.journal", avant=found.next_before, **kept) if found.next_before else None,
        first_url=url_for("privacy.journal", **kept) if wanted.before else None,
    )
