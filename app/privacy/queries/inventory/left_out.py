"""The tables that the access answer leaves out, and why."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _

STAFF = _("Ne parle que des professionnels et de leurs comptes.")
NETWORK = _("Ne parle que des structures et de leurs lieux.")
COUNTED = _("Des chiffres publiés, où personne ne se reconnaît.")
MACHINE = _("Fonctionnement de la machine : numéros et codes, effacés vite.")
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        (
            "access_review",
            "account_link",
            "invitation",
            "membership",
            "membership_place",
            "recovery_code",
            "second_factor",
            "sign_in_failure",
            "user_account",
            "user_session",
        ),
        STAFF,
    ),
    **dict.fromkeys(
        ("directory_change", "offer", "place", "place_import", "structure", "team", "network_territory"), NETWORK
    ),
    **dict.fromkeys(("published_cell", "summary"), COUNTED),
    **dict.fromkeys(("job", "journal_checkpoint", "journal_head", "submission", "card_try", "outbox_message"), MACHINE),
    "retention_report": _("Des nombres de fiches par structure et par jour, sans personne."),
    "people_import": _("Un fichier qu’un professionnel importe : effacé à la fin de l’import, et en un jour."),
    "people_import_line": _("Les lignes d’un fichier importé : leurs mots sont effacés à la fin de l’import."),
    "people_export_line": _("Un fichier préparé pour un responsable : effacé en un jour."),
    "people_export": _("Un fichier préparé pour un responsable : effacé en un jour."),
    "partner_try": MACHINE,
    "saved_form": _("Ce qu’un professionnel était en train d’écrire : effacé en une heure, rattaché à personne."),
    "list_view": _("Les listes qu’un professionnel a gardées : un nom à lui et des codes, aucune personne."),
    "saved_search": _("Ce qu’un professionnel a cherché : effacé en 15 minutes, rattaché à personne."),
    "search_key": _(
        "Des formes du nom et du téléphone, calculées pour les retrouver : les originaux sont dans la copie."
    ),
    "person_alias": _("Le numéro d’une fiche réunie avec celle-ci : la copie contient les deux."),
    "merge_undo": _(
        "Secours de 30 jours pour défaire une fusion : si elle était une erreur, il parle de quelqu’un d’autre."
    ),
    "duplicate_pair": _("Une ressemblance entre deux fiches : elle parle aussi de quelqu’un d’autre."),
    "likeness_notice": _("Une ressemblance entre deux fiches : elle parle aussi de quelqu’un d’autre."),
}
