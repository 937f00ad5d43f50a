"""files of people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_imported_person_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_imported_person_structure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_person")),
        sa.UniqueConstraint("row_key", name=op.f("uq_imported_person_row_key")),
    )
    op.create_index("ix_imported_person_person", "imported_person", ["person_id"], unique=False)
    op.create_index("ix_imported_person_structure", "imported_person", ["structure_id", "created_at"], unique=False)
    op.create_table(
        "people_export",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "ready", "expired", name="exportstate", native_enum=False, create_constraint=True, length=60
            ),
            nullable=False,
        ),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("format IN ('csv', 'xlsx')", name=op.f("ck_people_export_format")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_people_export_membership_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_people_export_structure_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_people_export_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_people_export_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_export")),
    )
    op.create_index(op.f("ix_people_export_expires_at"), "people_export", ["expires_at"], unique=False)
    op.create_index("ix_people_export_mine", "people_export", ["membership_id", "created_at"], unique=False)
    op.create_table(
        "people_import",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "columns",
                "comparing",
                "ready",
                "running",
                "done",
                "undoing",
                "undone",
                "refused",
                "abandoned",
                "expired",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("matching", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("to_do", sa.Integer(), nullable=False),
        sa.Column("done_line", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_people_import_membership_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_people_import_structure_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_people_import_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_import")),
    )
    op.create_index("ix_people_import_mine", "people_import", ["membership_id", "created_at"], unique=False)
    op.create_table(
        "people_export_line",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["people_export.id"], name=op.f("fk_people_export_line_export_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_people_export_line_person_id")),
        sa.PrimaryKeyConstraint("export_id", "person_id", name=op.f("pk_people_export_line")),
    )
    op.create_index("ix_people_export_line_person", "people_export_line", ["person_id"], unique=False)
    op.create_table(
        "people_import_line",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "alike",
                "known",
                "faulty",
                "made",
                "aside",
                "removed",
                "kept",
                name="linestate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["people_import.id"], name=op.f("fk_people_import_line_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_people_import_line_person_id")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_people_import_line")),
    )
    op.create_index("ix_people_import_line_person", "people_import_line", ["person_id"], unique=False)
    op.create_index("ix_people_import_line_state", "people_import_line", ["import_id", "state", "line"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_people_import_line_state", table_name="people_import_line")
    op.drop_index("ix_people_import_line_person", table_name="people_import_line")
    op.drop_table("people_import_line")
    op.drop_index("ix_people_export_line_person", table_name="people_export_line")
    op.drop_table("people_export_line")
    op.drop_index("ix_people_import_mine", table_name="people_import")
    op.drop_table("people_import")
    op.drop_index("ix_people_export_mine", table_name="people_export")
    op.drop_index(op.f("ix_people_export_expires_at"), table_name="people_export")
    op.drop_table("people_export")
    op.drop_index("ix_imported_person_structure", table_name="imported_person")
    op.drop_index("ix_imported_person_person", table_name="imported_person")
    op.drop_table("imported_person")
