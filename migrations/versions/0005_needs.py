"""needs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "demarche_en_ligne",
                "courrier_redaction",
                "comprendre_un_courrier",
                "numeriser_envoyer",
                "compte_mot_de_passe",
                "boite_mail",
                "prise_en_main",
                "competences_base",
                "reassurance",
                "securite",
                "equipement",
                "connexion",
                "interpretariat",
                "apprendre_francais",
                "acces_aux_droits",
                "accompagnement_social",
                "mandat",
                "insertion_pro",
                "sante_en_ligne",
                "parentalite_scolarite",
                "creation_loisirs",
                "aller_vers",
                "lien_soutien",
                "information",
                "autre",
                name="needkind",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "demarche",
            sa.Enum(
                "papiers_elections_citoyennete",
                "famille_scolarite",
                "social_sante",
                "travail_formation",
                "logement",
                "transports_mobilite",
                "argent_impots",
                "justice",
                "etrangers_europe",
                "loisirs_sports_culture",
                "associations",
                name="demarche",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column("organismes", sa.JSON(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "spontanee",
                "orientee",
                "sms_mail_campagne",
                "aller_vers",
                "elu",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum("P1", "P2", "P3", name="priority", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="needstate", native_enum=False, create_constraint=True, length=60),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "resolue",
                "en_partie",
                "non_resolue",
                "abandonnee",
                "sans_suite",
                name="needresult",
                native_enum=False,
                create_constraint=True,
                length=60,
            ),
            nullable=True,
        ),
        sa.Column(
            "right_outcome",
            sa.Enum("yes", "no", "unknown", name="rightoutcome", native_enum=False, create_constraint=True, length=60),
            nullable=True,
        ),
        sa.Column("trip_avoided", sa.Boolean(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("structure_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_need_date_when_closed")),
        sa.CheckConstraint("(state = 'closed') = (result IS NOT NULL)", name=op.f("ck_need_result_when_closed")),
        sa.CheckConstraint("demarche IS NULL OR kind = 'demarche_en_ligne'", name=op.f("ck_need_demarche_only_online")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_need_author_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_need_person_id")),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_need_structure_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_need_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    op.create_index("ix_need_person", "need", ["person_id", "state"], unique=False)
    op.create_index(op.f("ix_need_structure_id"), "need", ["structure_id"], unique=False)
    op.create_table(
        "need_text",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_text_need_id")),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_need_text")),
    )


def downgrade() -> None:
    op.drop_table("need_text")
    op.drop_index(op.f("ix_need_structure_id"), table_name="need")
    op.drop_index("ix_need_person", table_name="need")
    op.drop_table("need")
