"""Measures of time. They judge nothing: they print figures, to be read on a quiet machine."""
