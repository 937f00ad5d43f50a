"""Writes on the directory: structures, places, offers, files of places."""

from app.network.actions.importing import (
    MAX_REJECTED,
    Difference,
    ImportReport,
    NewPlace,
    Rejected,
    compare_places,
    import_places,
)
from app.network.actions.places import (
    OfferData,
    add_offer,
    add_place,
    close_offer,
    close_place,
    create_place,
    edit_offer,
    edit_place,
    reopen_offer,
    reopen_place,
)
from app.network.actions.runs import abandon, confirm, prepare_run, purge_files, receive, run_slice
from app.network.actions.structures import StructureData, add_structure, add_team, sign_agreement

__all__ = [
    "MAX_REJECTED",
    "Difference",
    "ImportReport",
    "NewPlace",
    "OfferData",
    "Rejected",
    "StructureData",
    "abandon",
    "add_offer",
    "add_place",
    "add_structure",
    "add_team",
    "close_offer",
    "close_place",
    "compare_places",
    "confirm",
    "create_place",
    "edit_offer",
    "edit_place",
    "import_places",
    "prepare_run",
    "purge_files",
    "receive",
    "reopen_offer",
    "reopen_place",
    "run_slice",
    "sign_agreement",
]
