"""`python -m bench`: every measure, one after the other."""

from __future__ import annotations

from bench import scoring, write_path

scoring.main()
write_path.main()
