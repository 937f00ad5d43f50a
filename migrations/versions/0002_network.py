"""network"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "structure",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "library",
                "ccas",
                "france_services",
                "digital_mediation",
                "social_work",
                "association",
                "operator",
                "municipality",
                "other",
                name="structurekind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("import_key", sa.String(length=300), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("agreement_signed_on", sa.Date(), nullable=True),
        sa.Column(
            "legal_basis",
            sa.Enum(
                "mission_interet_public",
                "interet_legitime",
                name="legalbasis",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("dpo_contact", sa.String(length=200), nullable=True),
        sa.Column("under_secrecy", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure")),
        sa.UniqueConstraint("import_key", name=op.f("uq_structure_import_key")),
    )
    op.create_table(
        "place",
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("pivot", sa.String(length=14), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("commune_name", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("address_more", sa.String(length=300), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_place_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("external_id", name=op.f("uq_place_external_id")),
    )
    op.create_index("ix_place_commune", "place", ["commune_code"], unique=False)
    op.create_index(op.f("ix_place_structure_id"), "place", ["structure_id"], unique=False)
    op.create_table(
        "team",
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("under_secrecy", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_team_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("structure_id", "name", name=op.f("uq_team_structure_id_name")),
    )


def downgrade() -> None:
    op.drop_table("team")
    op.drop_index(op.f("ix_place_structure_id"), table_name="place")
    op.drop_index("ix_place_commune", table_name="place")
    op.drop_table("place")
    op.drop_table("structure")
