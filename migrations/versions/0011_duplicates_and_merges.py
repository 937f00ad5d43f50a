"""duplicates and merges"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _key(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, parent: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}")) for column in columns
    ]


def upgrade() -> None:
    _pairs()
    _notices()
    _merges()
    _undo()
    # Two records that become one stay two subjects of past figures.
    op.execute("ALTER TABLE assessment ADD COLUMN subject_key " + _uuid())
    op.execute("UPDATE assessment SET subject_key = (SELECT p.subject_key FROM person p WHERE p.id = person_id)")


def _uuid() -> str:
    return "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"


def _pairs() -> None:
    op.create_table(
        "duplicate_pair",
        _key("id"),
        _key("low_id"),
        _key("high_id"),
        _key("structure_id"),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _at("found_at"),
        _at("dismissed_at", nullable=True),
        _key("dismissed_by", nullable=True),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_duplicate_pair_order")),
        *_to("duplicate_pair", "person", "low_id", "high_id"),
        *_to("duplicate_pair", "structure", "structure_id"),
        *_to("duplicate_pair", "user_account", "dismissed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_duplicate_pair_low_id_high_id")),
    )
    op.create_index("ix_duplicate_pair_list", "duplicate_pair", ["structure_id", "dismissed_at", "score"])
    op.create_index(op.f("ix_duplicate_pair_high_id"), "duplicate_pair", ["high_id"])


def _notices() -> None:
    op.create_table(
        "likeness_notice",
        _key("id"),
        _key("person_id"),
        _key("other_id"),
        _key("structure_id"),
        _key("from_structure_id"),
        sa.Column("unnamed", sa.Boolean(), nullable=False),
        _at("created_at"),
        _at("seen_at", nullable=True),
        _key("seen_by", nullable=True),
        *_to("likeness_notice", "person", "person_id", "other_id"),
        *_to("likeness_notice", "structure", "structure_id", "from_structure_id"),
        *_to("likeness_notice", "user_account", "seen_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness_notice")),
        sa.UniqueConstraint("person_id", "other_id", name=op.f("uq_likeness_notice_person_id_other_id")),
    )
    op.create_index("ix_likeness_notice_open", "likeness_notice", ["structure_id", "seen_at"])
    op.create_index(op.f("ix_likeness_notice_other_id"), "likeness_notice", ["other_id"])


def _merges() -> None:
    op.create_table(
        "person_merge",
        _key("kept_id"),
        _key("removed_id"),
        _key("structure_id"),
        _key("merged_by"),
        _at("undone_at", nullable=True),
        _key("undone_by", nullable=True),
        _key("id"),
        _at("created_at"),
        sa.CheckConstraint("kept_id <> removed_id", name=op.f("ck_person_merge_two_people")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_person_merge_undone_by_somebody")
        ),
        *_to("person_merge", "person", "kept_id", "removed_id"),
        *_to("person_merge", "structure", "structure_id"),
        *_to("person_merge", "user_account", "merged_by", "undone_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    held = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_person_merge_removed",
        "person_merge",
        ["removed_id"],
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )
    op.create_index("ix_person_merge_structure", "person_merge", ["structure_id", "created_at"])
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"])
    op.create_table(
        "person_alias",
        _key("removed_id"),
        _key("kept_id"),
        *_to("person_alias", "person", "removed_id", "kept_id"),
        sa.PrimaryKeyConstraint("removed_id", name=op.f("pk_person_alias")),
    )
    op.create_index(op.f("ix_person_alias_kept_id"), "person_alias", ["kept_id"])


def _undo() -> None:
    op.create_table(
        "merge_undo",
        _key("id"),
        _key("merge_id"),
        sa.Column("rank", sa.Integer(), nullable=False),
        _at("until"),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        *_to("merge_undo", "person_merge", "merge_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_undo")),
        sa.UniqueConstraint("merge_id", "rank", name=op.f("uq_merge_undo_merge_id_rank")),
    )
    op.create_index("ix_merge_undo_until", "merge_undo", ["until"])


def downgrade() -> None:
    op.execute("ALTER TABLE assessment DROP COLUMN subject_key")
    for table in ("merge_undo", "person_alias", "person_merge", "likeness_notice", "duplicate_pair"):
        op.drop_table(table)
