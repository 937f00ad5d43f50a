"""The one visible place where rooms meet: grants, panels, tasks, navigation, hooks, background work, blueprints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from app.accounts import actions as account_actions
from app.accounts import policy as account_policy
from app.accounts import views as accounts
from app.assessments import views as assessments
from app.home import views as home
from app.kernel import clock, grants, hooks, jobs, merges, outbox, panels
from app.kernel.access import Role
from app.kernel.merges import Moved
from app.kernel.opening_days import OpeningDays
from app.mediation import views as mediation
from app.mediation.actions import merged as merged_sessions
from app.needs import views as needs
from app.network import actions as network_actions
from app.network import views as network
from app.people import actions as people_actions
from app.people import cards as sharing_cards
from app.people import policy as people_policy
from app.people import views as people
from app.people.actions import cards as card_actions
from app.people.actions import (
    comparing,
    ending_hand_overs,
    exporting,
    importing,
    likeness,
    merging,
    presenting,
    protecting,
    registering,
    representing,
    unregistering,
)
from app.people.actions import notes as person_notes
from app.people.actions import renewals as renewal_actions
from app.pilotage import views as pilotage
from app.privacy import actions as privacy_actions
from app.privacy import policy as privacy_policy
from app.privacy import views as privacy
from app.referrals import actions as referral_actions
from app.referrals import policy as referral_policy
from app.referrals import views as referrals
from app.referrals.actions import ending as referral_endings
from app.referrals.machine.tokens import Keys
from app.territory import views as territory
from app.wiring import chores, screens
from config import Settings

BLUEPRINTS = (
    home.bp,
    accounts.bp,
    accounts.administration,
    people.bp,
    needs.bp,
    assessments.bp,
    mediation.bp,
    referrals.bp,
    network.bp,
    pilotage.bp,
    privacy.bp,
    territory.bp,
)

# A page that sends no referrer cannot have it checked over HTTPS: its form checks its token itself.
OWN_TOKEN = ("app.referrals.views.partner.partner",)


def connect(settings: Settings) -> None:
    """Register every room with the kernel. Safe to call again."""
    panels.clear()
    _grants(settings)
    screens.navigation()
    screens.quick_actions()
    screens.person_page()
    _background(settings)
    _accounts(settings)
    _referrals(settings)
    _merges(settings)
    _cards(settings)
    _files_of_people(settings)
    _rights(settings)


def _grants(settings: Settings) -> None:
    grants.dated(lambda: (clock.today(settings.timezone), clock.now().date()))
    grants.register(people_policy.referent_grants)
    grants.register(people_policy.other_grants)


def _background(settings: Settings) -> None:
    transport = (
        outbox.smtp_transport(settings.smtp_url) if settings.smtp_url else outbox.folder_transport(chores.mail_folder())
    )
    mail_from = settings.mail_from or "maillage@localhost"
    send = outbox.sender(transport, chores.address_of, mail_from, chores.complete)
    jobs.handle("outbox.send", send)
    jobs.handle("nightly.purge", lambda _payload: chores.purge(settings), every=timedelta(hours=1))
    jobs.handle("places.compare", network_actions.prepare_run)
    jobs.handle("places.import", network_actions.run_slice)
    jobs.handle("journal.purge", lambda _payload: chores.purge_journal(settings), every=timedelta(days=1))


def _accounts(settings: Settings) -> None:
    rules = account_policy.Rules(
        secret=settings.secret_key,
        public_url=settings.public_url,
        timezone=settings.timezone,
        memory_kib=settings.hash_memory_kib,
        second_factor_roles=frozenset(Role(role) for role in settings.second_factor_roles),
        idle=settings.idle_limit,
        absolute=settings.absolute_limit,
    )
    account_policy.install(rules)
    limits = account_actions.Limits(
        settings.secret_key,
        settings.sign_in_attempts,
        settings.sign_in_window,
        settings.hash_memory_kib,
        settings.production,
    )
    jobs.handle(account_actions.RESET_JOB, lambda payload: account_actions.send_reset(payload, limits))
    panels.task_providers.append(accounts.tasks)
    for left in (people_actions.structure_left, referral_actions.end_for_structure):
        if left not in hooks.structure_left:
            hooks.structure_left.append(left)


def _referrals(settings: Settings) -> None:
    days = OpeningDays(settings.holidays_region, settings.closed_weekdays)
    rules = referral_policy.Rules(
        days=days,
        timezone=settings.timezone,
        desk_may_send=settings.desk_may_send,
        public_url=settings.public_url,
        network_name=settings.network_name,
        keys=Keys(settings.secret_key),
    )
    referral_policy.install(rules)
    grants.register(referral_policy.referral_grants)
    if referral_actions.consent_ended not in hooks.consent_ended:
        hooks.consent_ended.append(referral_actions.consent_ended)
    jobs.handle("referrals.clocks", _run_clocks, every=timedelta(hours=1))
    jobs.handle("referrals.check", _check_referrals, every=timedelta(days=1))


def _merges(settings: Settings) -> None:
    """What becomes of every table that points at a person, in the order of moving; who looks for doubles."""
    merges.register(*merging.MERGED)
    merges.register(*person_notes.MERGED)
    # Notes follow their session or their need; a draft goes on at its old address, which the record kept answers.
    merges.register(Moved("need"), Moved("assessment"), *merged_sessions.MERGED, *referral_endings.MERGED)
    jobs.handle("people.likeness", lambda _payload: _look(settings), every=timedelta(minutes=10))
    panels.task_providers.append(people.tasks)


def _cards(settings: Settings) -> None:
    """Sharing cards: the installation’s secret, what ends them, who is told."""
    secret, address = settings.secret_key, settings.public_url
    sharing_cards.install(sharing_cards.Rules(secret, address, settings.timezone, settings.network_name))
    merges.register(*card_actions.MERGED, *protecting.MERGED, *representing.MERGED)
    panels.person_panels.extend((people.protection.panel, people.representation.panel))
    if referral_endings.person_protected not in hooks.person_protected:
        hooks.person_protected.append(referral_endings.person_protected)
    if card_actions.consent_ended not in hooks.consent_ended:
        hooks.consent_ended.append(card_actions.consent_ended)
    if referral_policy.lately_opened not in presenting.lately:
        presenting.lately.append(referral_policy.lately_opened)
    jobs.handle("cards.locked", lambda _payload: _tell_locked(), every=timedelta(minutes=2))
    panels.task_providers.append(people.following.card_tasks)
    jobs.handle(renewal_actions.JOB, lambda _payload: _end_lapsed(settings), every=timedelta(hours=1))
    panels.task_providers.extend(people.renewals.tasks)
    panels.task_providers.extend(people.birthdays.tasks)
    _hand_overs(settings)


def _hand_overs(settings: Settings) -> None:
    """A change of referent structure: what ends a proposal, who is told, the colleague whom the person knows."""
    merges.register(*ending_hand_overs.MERGED)
    for hook, act in (
        (hooks.consent_ended, ending_hand_overs.consent_ended),
        (hooks.person_protected, ending_hand_overs.person_protected),
        (hooks.structure_left, ending_hand_overs.structure_left),
    ):
        if act not in hook:
            hook.append(act)  # type: ignore[arg-type]
    panels.person_panels.append(people.handing.panel)
    panels.task_providers.append(people.handing.tasks)
    jobs.handle("hand_overs.expired", lambda _payload: _expire(settings), every=timedelta(days=1))


def _expire(settings: Settings) -> None:
    ending_hand_overs.expire(clock.today(settings.timezone))


def _files_of_people(settings: Settings) -> None:
    """People imported from a file, and taken away in one."""
    merges.register(*importing.MERGED)
    jobs.handle(importing.COMPARE, lambda payload: comparing.compare(payload, _setup(settings)))
    jobs.handle(importing.WRITE, lambda payload: registering.write_slice(payload, _setup(settings)))
    jobs.handle(importing.UNDO, unregistering.undo_slice)
    jobs.handle(exporting.GATHER, lambda payload: exporting.gather(payload, clock.today(settings.timezone)))
    jobs.handle(exporting.DRAW, exporting.draw)
    panels.task_providers.append(people.informing.tasks)


def _setup(settings: Settings) -> comparing.Setup:
    return comparing.Setup(clock.today(settings.timezone), settings.default_phone_region)


def _end_lapsed(settings: Settings) -> None:
    renewal_actions.end_lapsed(clock.today(settings.timezone))


def _rights(settings: Settings) -> None:
    """Rights requests: their reminders, the copy that the worker prepares."""
    privacy_policy.install(_kept_for(settings))
    merges.register(*privacy_actions.MERGED)
    panels.person_panels.extend((privacy.banner, privacy.panel))
    panels.task_providers.extend((*privacy.tasks, privacy.desk_tasks))
    jobs.handle(privacy_actions.ANSWER_JOB, privacy_actions.make_answer)
    jobs.handle(privacy_actions.RETENTION_JOB, privacy_actions.retain_tonight, every=timedelta(days=1))
    jobs.handle(privacy_actions.SLICE_JOB, privacy_actions.retain_slice)


def _kept_for(settings: Settings) -> privacy_policy.Rules:
    return privacy_policy.Rules(
        timezone=settings.timezone,
        network_name=settings.network_name,
        archive_months=settings.archive_months,
        retention=settings.retention,
        secrecy_k=settings.secrecy_k,
        public_url=settings.public_url,
    )


def _tell_locked() -> None:
    card_actions.tell_locked(clock.now())


def _look(settings: Settings) -> None:
    likeness.look(clock.today(settings.timezone))


def _run_clocks(_payload: dict[str, Any]) -> None:
    referral_actions.run_due_clocks(clock.now())


def _check_referrals(_payload: dict[str, Any]) -> None:
    referral_actions.check_nightly(clock.now())


def mount(app: Flask) -> None:
    """Mount the screens."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["may_hand_over"] = accounts.handing.offered
