"""What a test leaves in the process does not reach the next one."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app import create_app
from app.accounts import policy as accounts
from app.kernel import jobs, remembered
from app.referrals import policy as referrals
from tests.conftest import installed_anew, settings_for

ELSEWHERE = "https://ailleurs.example"


def test_the_rules_are_those_of_the_tests_own_application(app: Flask) -> None:
    create_app(settings_for("sqlite://", public_url=ELSEWHERE))
    assert referrals.rules().public_url == accounts.rules().public_url == ELSEWHERE
    installed_anew(app)
    assert referrals.rules().public_url == accounts.rules().public_url == ""


def test_work_invented_by_a_test_and_counts_it_made_are_forgotten(app: Flask) -> None:
    known = set(jobs._handlers), dict(jobs._recurring)
    jobs.handle("inventé", print, every=timedelta(hours=1))
    with app.app_context():
        assert remembered.remembered("gens", lambda: 9, many=lambda _found: True) == 9
        installed_anew(app)
        assert remembered.remembered("gens", lambda: 2, many=lambda _found: False) == 2
    assert (set(jobs._handlers), dict(jobs._recurring)) == known
