"""contacts and representatives"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

REPRESENTATIVES = (
    *("mere", "pere", "parent", "titulaire", "ase", "tuteur", "curateur", "mandataire", "habilite", "confiance"),
    "autre",
)
MEASURES = ("sauvegarde", "curatelle", "curatelle_renforcee", "tutelle", "habilitation", "mandat_futur")
SCOPES = ("personne", "biens", "personne_et_biens")
TRANSLATED = ("professional", "team", "volunteer", "adult", "minor", "nobody")
WORDS = ("agrees", "refuses", "not_asked")
SILENT = ("too_young", "cannot_answer", "absent")
AGES = ("under_15", "15_17", "adult")
ANSWERS = ("given", "refused", "pending")
MATTERS = ("biens", "personne", "strictement_personnel")
SIGNERS = ("person", "both", "representative")
CONTACTS = ("mobile", "phone", "email", "letter", "relay")


CHECKS = (
    ("consentanswer", "answer", ANSWERS),
    ("interpretedby", "interpreted_by", TRANSLATED),
    ("ownword", "own_word", WORDS),
    ("whynotasked", "why_not_asked", SILENT),
    ("agestatus", "age_status", AGES),
)


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
    op.create_table(
        "mandate",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("matter", _code("matter", MATTERS), nullable=False),
        sa.Column("signed_by", _code("signedby", SIGNERS), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_mandate_consent_id")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("consent") as table:
        table.add_column(sa.Column("interpreted_by", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("own_word", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("why_not_asked", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("age_status", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("told_version", sa.String(length=20), nullable=False, server_default=""))
        table.drop_constraint(op.f("ck_consent_consentanswer"), type_="check")
        for name, column, codes in CHECKS:
            table.create_check_constraint(op.f(f"ck_consent_{name}"), sa.column(column).in_(codes))
    with op.batch_alter_table("consent") as table:
        table.alter_column("told_version", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM consent WHERE answer = 'pending'")
    with op.batch_alter_table("consent") as table:
        for name, _column, _codes in CHECKS:
            table.drop_constraint(op.f(f"ck_consent_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_consent_consentanswer"), sa.column("answer").in_(ANSWERS[:2]))
        for column in ("told_version", "age_status", "why_not_asked", "own_word", "interpreted_by"):
            table.drop_column(column)
    op.drop_table("mandate")
    op.drop_table("person_measure")
    op.drop_table("person_representative")
    op.drop_table("person_contact")
    op.drop_column("person_identity", "email_first")
