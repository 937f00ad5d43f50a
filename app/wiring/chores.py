"""What the worker does for every room: mails completed and addressed, what is past purged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.accounts import actions as account_actions
from app.accounts import mails as account_mails
from app.accounts import queries as account_queries
from app.kernel import clock, drafts, jobs, journal, merges, outbox, writes
from app.network import actions as network_actions
from app.people import actions as people_actions
from app.people.actions import cards as card_actions
from app.people.actions import (
    exporting,
    importing,
    likeness,
)
from app.privacy import actions as privacy_actions
from app.referrals import mails as referral_mails
from app.referrals import queries as referral_queries
from app.referrals.actions import linking
from config import INSTANCE, Settings


def purge(settings: Settings) -> None:
    """What every room keeps for a time only."""
    drafts.purge()
    writes.purge()
    outbox.purge()
    jobs.purge()
    people_actions.purge_searches()
    network_actions.purge_files(clock.now())
    importing.purge_files(clock.now())
    exporting.purge_exports()
    merges.purge()
    likeness.purge_notices()
    card_actions.purge_cards()
    linking.purge_tries()
    privacy_actions.purge_answers()
    privacy_actions.purge_reports(clock.today(settings.timezone))
    account_actions.purge_sessions(settings.absolute_limit)
    account_actions.purge_links()


def purge_journal(settings: Settings) -> None:
    """The journal’s lines older than the installation keeps them."""
    journal.purge(clock.now() - timedelta(days=30 * settings.journal_months))


def address_of(reader_id: UUID) -> str | None:
    """A user’s address, or that of a structure to which a partner’s link is sent."""
    return account_queries.address_of(reader_id) or referral_queries.address_for_link(reader_id)


def complete(body: str) -> str:
    """The links that the database never holds."""
    return referral_mails.complete(account_mails.complete(body))


def mail_folder() -> Path:
    """Where mails are written when there is no server to send them."""
    return INSTANCE / "mails"
