"""The two last quarters, published by the coordinator as the product does it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.cli.demo.life import Life
from app.cli.demo.network import Network
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.opening_days import OpeningDays
from app.pilotage import actions
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term, containing
from app.pilotage.queries.summaries import Frame
from config import Settings

# Opening days between the end of a quarter and its publication.
AFTER = 12
EVENING = time(18, 30)
TEXTS = (
    SummaryData(
        comment="Les ateliers ont trouvé leur public, surtout à Marmande et à Tonneins. Les réponses entre structures "
        "vont plus vite depuis que chacune désigne une personne pour lire les orientations chaque matin.",
        proposals="Ouvrir une permanence du bus numérique à Meilhan-sur-Garonne, deux demi-journées par mois.",
    ),
    SummaryData(
        comment="Les demandes liées aux démarches en ligne restent les plus nombreuses. Les cours de français affichent "
        "complet : plusieurs orientations attendent une place.",
        proposals="Financer un second groupe de cours de français.\n"
        "Prêter des ordinateurs reconditionnés aux personnes qui viennent de finir leur accompagnement.",
    ),
)


class Press:
    """Publishes what was over before the last day, each on its own day of the story."""

    def __init__(self, life: Life, settings: Settings) -> None:
        self.life = life
        self.frame = Frame(settings.timezone, life.days, settings.secrecy_k, settings.network_name)
        self.coordinator = _coordinator(life.network)
        terms = _past(life.days, life.last)
        self.texts = {life.days.add(term.last, AFTER): (term, words) for term, words in zip(terms, TEXTS, strict=True)}

    def publishes_today(self) -> bool:
        """Whether this is one of those days."""
        return self.life.today in self.texts

    def publish(self) -> None:
        """In the evening, once everything of the day is written."""
        term, words = self.texts[self.life.today]
        with clock.fixed(datetime.combine(self.life.today, EVENING, ZoneInfo(self.life.timezone))):
            actions.publish(self.coordinator, term, words, self.frame)


def _past(days: OpeningDays, today: date) -> tuple[Term, Term]:
    last = containing(today).previous
    if days.add(last.last, AFTER) >= today:
        last = last.previous
    return last.previous, last


def _coordinator(network: Network) -> Actor:
    hats = (hat for worn in network.hats.values() for hat in worn)
    return next(hat for hat in hats if hat.role is Role.COORDINATOR)
