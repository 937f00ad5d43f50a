"""What the network did, published by the coordinator quarter after quarter and year after year, as the product does it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.cli.demo.life import Life
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.pilotage import actions
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term, containing
from app.pilotage.queries.summaries import Frame
from config import Settings

# Opening days between the end of a quarter and its publication.
AFTER = 12
# And between the summary of the last quarter and that of the year.
YEAR_AFTER = 4
EVENING = time(18, 30)
# By quarter, for odd and even years in turn; the first of a year is said of the whole year.
TEXTS: dict[int, tuple[SummaryData, ...]] = {
    0: (
        SummaryData(
            comment="Une année pour se connaître : les structures s’orientent désormais des personnes chaque semaine, et "
            "la plupart des réponses arrivent à temps.",
            proposals="Réunir les équipes d’accueil deux fois par an.",
        ),
    ),
    1: (
        SummaryData(
            comment="Le début d’année amène les déclarations et les renouvellements de droits. Les accueils ont tenu, avec "
            "des files d’attente le mardi matin.",
            proposals="Ouvrir un second créneau sans rendez-vous le mardi.",
        ),
        SummaryData(
            comment="Les demandes reçues par le CCAS et par France Services se ressemblent de plus en plus : les équipes ont "
            "commencé à se répartir les jours de permanence.",
            proposals="Afficher dans chaque mairie les jours d’accueil des autres structures.",
        ),
    ),
    2: (
        SummaryData(
            comment="Les ateliers ont trouvé leur public, surtout à Marmande et à Tonneins. Les réponses entre structures "
            "vont plus vite depuis que chacune désigne une personne pour lire les orientations chaque matin.",
            proposals="Ouvrir une permanence du bus numérique à Meilhan-sur-Garonne, deux demi-journées par mois.",
        ),
        SummaryData(
            comment="La campagne de déclaration des revenus a occupé les équipes jusqu’à la fin de mai.",
            proposals="Demander au service des impôts une permanence commune en mai.",
        ),
    ),
    3: (
        SummaryData(
            comment="Les demandes liées aux démarches en ligne restent les plus nombreuses. Les cours de français affichent "
            "complet : plusieurs orientations attendent une place.",
            proposals="Financer un second groupe de cours de français.\n"
            "Prêter des ordinateurs reconditionnés aux personnes qui viennent de finir leur accompagnement.",
        ),
        SummaryData(
            comment="L’été a été calme, la rentrée beaucoup moins : les inscriptions scolaires se font en ligne et les "
            "familles viennent à plusieurs.",
            proposals="Prévoir un renfort la première semaine de septembre.",
        ),
    ),
    4: (
        SummaryData(
            comment="Les ordinateurs remis en état par les associations partent en quelques jours.",
            proposals="Inviter les habitants et les services publics à donner leur ancien matériel.",
        ),
        SummaryData(
            comment="Le réseau démarre : les premières structures ont signé la convention et apprennent à s’adresser les "
            "personnes qu’elles reçoivent.",
            proposals="Présenter le réseau aux secrétaires de mairie.",
        ),
    ),
}


class Press:
    """Publishes what was over before the last day, each on its own day of the story."""

    def __init__(self, life: Life, settings: Settings, most: int | None = None) -> None:
        """`most`: how many of the latest periods, all of them when it is None."""
        self.life = life
        self.frame = Frame(settings.timezone, life.days, settings.secrecy_k, settings.network_name)
        self.coordinator = life.network.coordinator
        days = _days(life)
        self.terms = dict(list(days.items())[-most:] if most else days)

    def publishes_today(self) -> bool:
        """Whether this is one of those days."""
        return self.life.today in self.terms

    def publish(self) -> None:
        """In the evening, once everything of the day is written. What would tell too much is left to be prepared."""
        term = self.terms[self.life.today]
        texts = TEXTS[term.quarter]
        evening = datetime.combine(self.life.today, EVENING, ZoneInfo(self.life.timezone))
        with clock.fixed(evening), suppress(DomainError), db.session.begin_nested():
            actions.publish(self.coordinator, term, texts[term.year % len(texts)], self.frame)


def _days(life: Life) -> dict[date, Term]:
    """The day when each period of the story is published, in order: a whole year a few days after its last quarter.

    Nothing is said of the year of which the story has only the end: the next one would be compared with it.
    """
    found: dict[date, Term] = {}
    term = containing(life.today)
    while (day := life.days.add(term.last, AFTER)) < life.last:
        found[day] = term
        whole = term.quarter == 4 and Term(term.year).first >= life.today
        if whole and (later := life.days.add(day, YEAR_AFTER)) < life.last:
            found[later] = Term(term.year)
        term = term.following
    return found
