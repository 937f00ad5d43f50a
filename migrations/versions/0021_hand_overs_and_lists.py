"""hand overs and lists"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.people.names import ORDER, sort_key

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BATCH = 5000


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _write_orders() -> None:
    """What lists of people are sorted by, for those who are registered already; a downgrade leaves it, unread."""
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM search_key WHERE kind = 'order'"))
    identity = sa.table("person_identity", *map(sa.column, ("person_id", "first_name", "last_name", "usual_name")))
    key = sa.table("search_key", *map(sa.column, ("person_id", "kind", "value")))
    rows = [
        {"person_id": one.person_id, "kind": ORDER, "value": value}
        for one in connection.execute(sa.select(identity))
        if (value := sort_key(one.first_name, one.last_name, one.usual_name))
    ]
    for start in range(0, len(rows), BATCH):
        connection.execute(sa.insert(key), rows[start : start + BATCH])


def upgrade() -> None:
    op.create_table(
        "list_view",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_list_view_structure_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_list_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_view")),
        sa.UniqueConstraint("user_id", "structure_id", "name", name=op.f("uq_list_view_user_id_structure_id_name")),
    )
    op.create_index(
        "uq_list_view_default",
        "list_view",
        ["user_id", "structure_id"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "hand_over",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_structure_id", sa.Uuid(), nullable=False),
        sa.Column("from_team_id", sa.Uuid(), nullable=True),
        sa.Column("to_structure_id", sa.Uuid(), nullable=False),
        sa.Column("to_team_id", sa.Uuid(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "moved",
                "person_asked",
                "already_there",
                "no_capacity",
                "other",
                name="handoverreason",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("person_agrees", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "withdrawn",
                "expired",
                "ended",
                name="handoverstate",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "full",
                "out_of_territory",
                "goes_on",
                "person_declined",
                "other",
                "consent_ended",
                "protected",
                "structure_left",
                "archived",
                "unfollowed",
                "merged",
                name="handoverend",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_hand_over_ended_once")),
        sa.CheckConstraint("from_structure_id <> to_structure_id", name=op.f("ck_hand_over_two_structures")),
        sa.ForeignKeyConstraint(["ended_by"], ["user_account.id"], name=op.f("fk_hand_over_ended_by")),
        sa.ForeignKeyConstraint(["from_structure_id"], ["structure.id"], name=op.f("fk_hand_over_from_structure_id")),
        sa.ForeignKeyConstraint(["from_team_id"], ["team.id"], name=op.f("fk_hand_over_from_team_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_hand_over_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hand_over_person_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["user_account.id"], name=op.f("fk_hand_over_seen_by")),
        sa.ForeignKeyConstraint(["to_structure_id"], ["structure.id"], name=op.f("fk_hand_over_to_structure_id")),
        sa.ForeignKeyConstraint(["to_team_id"], ["team.id"], name=op.f("fk_hand_over_to_team_id")),
        sa.ForeignKeyConstraint(["told_by"], ["user_account.id"], name=op.f("fk_hand_over_told_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index("ix_hand_over_expiry", "hand_over", ["state", "expires_on"], unique=False)
    op.create_index("ix_hand_over_from", "hand_over", ["from_structure_id", "state"], unique=False)
    op.create_index("ix_hand_over_person", "hand_over", ["person_id", "created_at"], unique=False)
    op.create_index("ix_hand_over_to", "hand_over", ["to_structure_id", "state"], unique=False)
    op.create_index(
        "uq_hand_over_open",
        "hand_over",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    with op.batch_alter_table("follow_up") as batch:
        batch.add_column(sa.Column("holder_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_follow_up_holder_id"), "user_account", ["holder_id"], ["id"])
    op.create_index("ix_follow_up_holder", "follow_up", ["holder_id", "ended_on"], unique=False)
    op.create_index("ix_follow_up_team", "follow_up", ["team_id", "ended_on"], unique=False)
    op.drop_index("ix_follow_up_structure", table_name="follow_up")
    op.create_index("ix_follow_up_structure", "follow_up", ["structure_id", "ended_on", "kind"], unique=False)
    mine = ["referent_structure_id", "state"]
    op.create_index("ix_person_list", "person", [*mine, "last_contact_on", "id"], unique=False)
    op.create_index("ix_person_communes", "person", [*mine, "commune_code", "id"], unique=False)
    op.drop_index("ix_session_log_day", table_name="session_log")
    op.create_index("ix_session_log_day", "session_log", ["structure_id", "held_on", "team_id", "id"], unique=False)
    _write_orders()


def downgrade() -> None:
    op.drop_index("ix_session_log_day", table_name="session_log")
    op.create_index("ix_session_log_day", "session_log", ["structure_id", "held_on"], unique=False)
    op.drop_index("ix_person_communes", table_name="person")
    op.drop_index("ix_person_list", table_name="person")
    op.drop_index("ix_follow_up_structure", table_name="follow_up")
    op.create_index("ix_follow_up_structure", "follow_up", ["structure_id", "ended_on"], unique=False)
    op.drop_index("ix_follow_up_team", table_name="follow_up")
    op.drop_index("ix_follow_up_holder", table_name="follow_up")
    with op.batch_alter_table("follow_up", recreate="auto" if _postgres() else "always") as batch:
        batch.drop_constraint(op.f("fk_follow_up_holder_id"), type_="foreignkey")
        batch.drop_column("holder_id")
    op.drop_index(
        "uq_hand_over_open",
        table_name="hand_over",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_hand_over_to", table_name="hand_over")
    op.drop_index("ix_hand_over_person", table_name="hand_over")
    op.drop_index("ix_hand_over_from", table_name="hand_over")
    op.drop_index("ix_hand_over_expiry", table_name="hand_over")
    op.drop_table("hand_over")
    op.drop_index(
        "uq_list_view_default",
        table_name="list_view",
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )
    op.drop_table("list_view")
