"""The fields by which every screen asks for a place of France, and the form of the network's territory."""

from app.territory.forms.lookups import CommuneField, EpciField, LookupField, commune_where
from app.territory.forms.territory import TerritoryForm, recorded

__all__ = ["CommuneField", "EpciField", "LookupField", "TerritoryForm", "commune_where", "recorded"]
