"""Forms of the directory."""

from app.network.forms.directory import DirectoryFilters
from app.network.forms.files import MOST_BYTES, ButtonForm, UploadForm
from app.network.forms.offer import OfferForm
from app.network.forms.place import PlaceForm, VersionForm

__all__ = ["MOST_BYTES", "ButtonForm", "DirectoryFilters", "OfferForm", "PlaceForm", "UploadForm", "VersionForm"]
