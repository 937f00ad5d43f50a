"""contacts and representatives"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

REPRESENTATIVES = (
    *("mere", "pere", "parent", "titulaire", "ase", "tuteur", "curateur", "mandataire", "habilite", "confiance"),
    "autre",
)
MEASURES = ("sauvegarde", "curatelle", "curatelle_renforcee", "tutelle", "habilitation", "mandat_futur")
SCOPES = ("personne", "biens", "personne_et_biens")
CONTACTS = ("mobile", "phone", "email", "letter", "relay")


def _code(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=60)


def upgrade() -> None:
    # The number and the address of a record stay where they are; the table holds the others, so nothing is said twice.
    op.add_column("person_identity", sa.Column("email_first", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "person_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kind", _code("contactkind", CONTACTS), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("how", sa.String(length=200), nullable=False),
        sa.Column("no_message", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.CheckConstraint("value <> ''", name=op.f("ck_person_contact_said")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_contact_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_contact")),
    )
    op.create_index("ix_person_contact_person_id", "person_contact", ["person_id", "rank"])
    op.create_index(
        "uq_person_contact_first",
        "person_contact",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("first"),
        postgresql_where=sa.text("first"),
    )
    op.create_table(
        "person_representative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kind", _code("representativekind", REPRESENTATIVES), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_representative_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_representative")),
    )
    op.create_index("ix_person_representative_person_id", "person_representative", ["person_id", "rank"])
    op.create_table(
        "person_measure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _code("measure", MEASURES), nullable=False),
        sa.Column("scope", _code("scope", SCOPES), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_measure_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_measure")),
    )


def downgrade() -> None:
    op.drop_table("person_measure")
    op.drop_table("person_representative")
    op.drop_table("person_contact")
    op.drop_column("person_identity", "email_first")
