"""Writes on the register: registering, correcting, consents and their withdrawal, searches kept for a while."""

from app.people.actions.bulk import Known, met_many, register_in
from app.people.actions.consents import answer_register, record_consent, withdraw_consent, withdraw_everything
from app.people.actions.data import (
    CONSENT_VERSION,
    MAX_RECIPIENTS,
    MINORS_VERSION,
    NOTICE_VERSION,
    ConsentData,
    PersonData,
    Registration,
)
from app.people.actions.leaving import structure_left
from app.people.actions.register import correct, met, register
from app.people.actions.searches import SEARCH_LIFETIME, purge_searches, save_search

__all__ = [
    "CONSENT_VERSION",
    "MAX_RECIPIENTS",
    "MINORS_VERSION",
    "NOTICE_VERSION",
    "SEARCH_LIFETIME",
    "ConsentData",
    "Known",
    "PersonData",
    "Registration",
    "answer_register",
    "correct",
    "met",
    "met_many",
    "purge_searches",
    "record_consent",
    "register",
    "register_in",
    "save_search",
    "structure_left",
    "withdraw_consent",
    "withdraw_everything",
]
