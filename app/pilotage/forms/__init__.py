"""What is typed on the network's screens: filters of tables and of the map, the words of a summary."""

from app.pilotage.forms.filters import MapForm, PeriodForm, read_map, read_order, read_period
from app.pilotage.forms.summaries import SummaryForm, WithdrawForm, read_choice

__all__ = [
    "MapForm",
    "PeriodForm",
    "SummaryForm",
    "WithdrawForm",
    "read_choice",
    "read_map",
    "read_order",
    "read_period",
]
