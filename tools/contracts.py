"""Contracts of import-linter that its own types cannot say: the names of a feature’s rooms, whose doors they are."""

from __future__ import annotations

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FeatureContract(Contract):  # type: ignore[misc]
    """A contract about features: the packages of the root that `not_features` does not name."""

    not_features = fields.SetField(subfield=fields.StringField())

    def features(self, graph: ImportGraph) -> list[str]:
        """Full names of the features, in order."""
        root = self.session_options["root_packages"][0]
        left_out = {f"{root}.{name}" for name in cast(set[str], self.not_features)}
        return sorted(graph.find_children(root) - left_out)

    def broken_by(self, faults: list[str]) -> ContractCheck:
        """The result of a check that found these faults (none: kept)."""
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(f"- {fault}", bold=False)
        output.new_line()


class KnownRoomsContract(FeatureContract):
    """Every module directly inside a feature bears one of the known names."""

    rooms = fields.SetField(subfield=fields.StringField())
    pure_rooms = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        known = cast(set[str], self.rooms) | cast(set[str], self.pure_rooms)
        rooms = (room for feature in self.features(graph) for room in graph.find_children(feature))
        return self.broken_by([f"{room}: not a known room" for room in sorted(rooms) if _last(room) not in known])


class OwnDoorsContract(FeatureContract):
    """The doors of a feature (its views, its forms) are imported by itself and by the wiring, by no other feature."""

    doors = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        features = self.features(graph)
        faults = [fault for feature in features for fault in self._strangers(graph, feature, features)]
        return self.broken_by(faults)

    def _strangers(self, graph: ImportGraph, feature: str, features: list[str]) -> list[str]:
        others = tuple(f"{other}." for other in features if other != feature)
        imports = ((importer, door) for door in self._doors(graph, feature) for importer in _importers(graph, door))
        return [f"{importer} imports {door}" for importer, door in sorted(imports) if f"{importer}.".startswith(others)]

    def _doors(self, graph: ImportGraph, feature: str) -> set[str]:
        doors = {f"{feature}.{name}" for name in cast(set[str], self.doors)} & graph.modules
        return doors | {inner for door in doors for inner in graph.find_descendants(door)}


def _importers(graph: ImportGraph, module: str) -> set[str]:
    return cast(set[str], graph.find_modules_that_directly_import(module))


def _last(module: str) -> str:
    return module.rpartition(".")[-1]


__all__ = ["KnownRoomsContract", "OwnDoorsContract"]
