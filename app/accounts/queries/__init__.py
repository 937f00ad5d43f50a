"""Reads of accounts."""

from app.accounts.queries.sign_in import (
    Colleague,
    DemoAccount,
    Hat,
    actor_of,
    address_of,
    colleagues,
    demo_accounts,
    display_names,
    failures,
    hash_key,
    hat,
    hats_of,
    is_taken,
    session_by_key,
    user_by_email,
)

__all__ = [
    "Colleague",
    "DemoAccount",
    "Hat",
    "actor_of",
    "address_of",
    "colleagues",
    "demo_accounts",
    "display_names",
    "failures",
    "hash_key",
    "hat",
    "hats_of",
    "is_taken",
    "session_by_key",
    "user_by_email",
]
