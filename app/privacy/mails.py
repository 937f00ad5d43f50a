"""Mails about how long records are kept: a count and a link, never a name."""

from __future__ import annotations

from app.kernel.i18n import ngettext
from app.kernel.outbox import Message

PATH = "/protection/bientot-archivees"


def soon_archived(count: int, public_url: str) -> Message:
    """So many records of the reader’s structure are about to be archived."""
    return Message(
        ngettext("%(num)d fiche bientôt archivée", "%(num)d fiches bientôt archivées", count),
        ngettext(
            "Bonjour,\n\n%(num)d fiche de votre structure n’a plus de contact depuis 22 mois ou plus. Elle sera archivée "
            "deux ans après le dernier contact. Appelez la personne si elle a encore besoin d’aide :\n%(link)s",
            "Bonjour,\n\n%(num)d fiches de votre structure n’ont plus de contact depuis 22 mois ou plus. Elles seront "
            "archivées deux ans après le dernier contact. Appelez les personnes qui ont encore besoin d’aide :\n%(link)s",
            count,
            link=public_url.rstrip("/") + PATH,
        ),
    )
