"""`python -m bench`: every measure, one after the other."""

from __future__ import annotations

from bench import write_path

write_path.main()
