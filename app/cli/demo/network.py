"""The demonstration's structures, places and professionals, made by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.cli.demo import directory
from app.cli.demo.cast import DOMAIN, PASSWORD, PLAYERS, STRUCTURES, TEAMS, Player
from app.kernel import clock
from app.kernel.access import FRONT, Actor, Role
from app.network import actions as network
from app.territory import actions as territory
from app.territory.actions import TerritoryData
from app.territory.enums import TerritoryKind

# Val de Garonne Agglomération: the 43 communes around Marmande.
VAL_DE_GARONNE = "200030674"


@dataclass
class Network:
    """Ids and hats by key."""

    structures: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    places: dict[str, list[UUID]] = field(default_factory=dict)
    hats: dict[str, list[Actor]] = field(default_factory=dict)

    def front(self, structure: str) -> list[Actor]:
        """The hats of a structure that meet people."""
        return [hat for hat in self.hats[structure] if hat.role in FRONT]

    @property
    def coordinator(self) -> Actor:
        """Whoever coordinates the network."""
        return next(hat for worn in self.hats.values() for hat in worn if hat.role is Role.COORDINATOR)

    def key_of(self, structure_id: UUID) -> str:
        """The key of a structure."""
        return next(key for key, found in self.structures.items() if found == structure_id)


def build_network(first_day: date, memory_kib: int, last_day: date | None = None) -> Network:
    """Everybody signs the agreement before the first day; the directory is as it stands on the last one."""
    made = Network()
    territory.set_territory(None, TerritoryData(TerritoryKind.EPCI, VAL_DE_GARONNE))
    signed = first_day - timedelta(days=30)
    for key, data in STRUCTURES.items():
        structure = network.add_structure(None, data)
        network.sign_agreement(None, structure, signed)
        made.structures[key] = structure.id
    for key, (structure_key, name, secrecy) in TEAMS.items():
        made.teams[key] = network.add_team(None, made.structures[structure_key], name, secrecy).id
    made.places = directory.places(made.structures, last_day or first_day)
    for rank, player in enumerate(PLAYERS):
        # One second apart, so that the sign-in page offers them in this order.
        with clock.fixed(clock.now() + timedelta(seconds=rank)):
            _player(made, player, signed, memory_kib)
    directory.offers(made.coordinator, made.structures)
    return made


def _player(made: Network, player: Player, starts_on: date, memory_kib: int) -> None:
    user = accounts.add_user(f"{player.key}@{DOMAIN}", player.name, PASSWORD, memory_kib)
    for structure, role, team in player.hats:
        team_id = made.teams[team] if team else None
        hat = accounts.add_membership(user, made.structures[structure], role, starts_on, team_id)
        made.hats.setdefault(structure, []).append(account_queries.actor_of(hat))
