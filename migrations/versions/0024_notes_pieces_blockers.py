"""notes pieces blockers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PIECES = (
    "identite",
    "domicile",
    "imposition",
    "revenus",
    "bancaire",
    "assurance",
    "famille",
    "droits",
    "logement",
    "emploi",
    "scolarite",
    "photo",
    "courrier",
    "autre",
)


def _code(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=60)


def upgrade() -> None:
    op.add_column("need", sa.Column("blockers", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.create_table(
        "need_piece",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _code(*PIECES, name="piecekind"), nullable=False),
        sa.Column("state", _code("missing", "seen", "not_needed", name="piecestate"), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'seen') = (seen_on IS NOT NULL)", name=op.f("ck_need_piece_day_when_seen")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_piece_need_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_need_piece_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_piece")),
        sa.UniqueConstraint("need_id", "kind", name=op.f("uq_need_piece_need_id_kind")),
    )
    op.create_table(
        "person_note",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "visibility", _code("author", "team", "structure", "network", name="notevisibility"), nullable=False
        ),
        sa.Column("for_team_id", sa.Uuid(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "visibility <> 'team' OR for_team_id IS NOT NULL", name=op.f("ck_person_note_team_when_for_it")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_person_note_author_id")),
        sa.ForeignKeyConstraint(["for_team_id"], ["team.id"], name=op.f("fk_person_note_for_team_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_note_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_person_note_structure_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_person_note_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_note")),
    )
    op.create_index("ix_person_note_person", "person_note", ["person_id", "created_at"])
    op.create_index(op.f("ix_person_note_structure_id"), "person_note", ["structure_id"])
    op.create_table(
        "person_note_text",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["person_note.id"], name=op.f("fk_person_note_text_note_id")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_person_note_text")),
    )


def downgrade() -> None:
    op.drop_table("person_note_text")
    op.drop_table("person_note")
    op.drop_table("need_piece")
    op.drop_column("need", "blockers")
