"""How long each main page takes, beside a page without anything and the bare statements, on both databases and two sizes."""
