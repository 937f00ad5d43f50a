"""What is drawn by chance: who welcomes, what is noted of a need, of a session, of its end. The same for few and for many."""

from __future__ import annotations

from app.cli.demo.life import Life
from app.cli.demo.people import Somebody, pick
from app.kernel.access import Actor, Role
from app.mediation.actions import Anonymous, Counts, SessionData
from app.mediation.enums import Autonomy, Channel, Material, PlaceKind, Posture, SessionKind, Theme
from app.needs.actions import CloseData, NeedData
from app.needs.enums import Blocker, Demarche, NeedKind, NeedResult, Organisme, Origin, Priority
from app.people.enums import AgeBand, Genre, SocialStatus

# Who welcomes the network's people, with their weight.
WELCOME = (("library", 46), ("ccas", 22), ("france_services", 18), ("bus", 14))
THEMES: dict[NeedKind, tuple[Theme, ...]] = {
    NeedKind.BOITE_MAIL: (Theme.EMAIL,),
    NeedKind.COMPTE_MOT_DE_PASSE: (Theme.NAVIGATION_SUR_INTERNET, Theme.SECURITE_NUMERIQUE),
    NeedKind.PRISE_EN_MAIN: (Theme.PRENDRE_EN_MAIN_DU_MATERIEL,),
    NeedKind.COMPETENCES_BASE: (Theme.PRENDRE_EN_MAIN_DU_MATERIEL, Theme.NAVIGATION_SUR_INTERNET),
    NeedKind.EQUIPEMENT: (Theme.MAINTENANCE_DE_MATERIEL,),
    NeedKind.CONNEXION: (Theme.NAVIGATION_SUR_INTERNET,),
    NeedKind.SECURITE: (Theme.SECURITE_NUMERIQUE,),
    NeedKind.REASSURANCE: (Theme.DIAGNOSTIC_NUMERIQUE,),
    NeedKind.COURRIER_REDACTION: (Theme.BUREAUTIQUE,),
}
# Who an online procedure is made to, with its weight.
ASKED_OF: dict[Demarche, tuple[tuple[Organisme, int], ...]] = {
    Demarche.SOCIAL_SANTE: ((Organisme.CAF, 46), (Organisme.CPAM, 34), (Organisme.CARSAT, 12), (Organisme.MSA, 8)),
    Demarche.ARGENT: ((Organisme.IMPOTS, 84), (Organisme.CARSAT, 16)),
    Demarche.PAPIERS: ((Organisme.ANTS, 62), (Organisme.PREFECTURE, 26), (Organisme.MAIRIE, 12)),
    Demarche.LOGEMENT: ((Organisme.CAF, 64), (Organisme.DEPARTEMENT, 20), (Organisme.AUTRE, 16)),
    Demarche.TRAVAIL: ((Organisme.FRANCE_TRAVAIL, 100),),
    Demarche.FAMILLE: ((Organisme.CAF, 58), (Organisme.MAIRIE, 42)),
}
ADMINISTRATIVE = (Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES,)
MINUTES = ((15, 10), (30, 34), (45, 20), (60, 26), (90, 8), (120, 2))


def welcomer(life: Life) -> Actor:
    """Somebody who meets people, in a structure of the network."""
    return _of_the_front(life, pick(life.rng, WELCOME))


def _of_the_front(life: Life, structure: str) -> Actor:
    return life.rng.choice([hat for hat in life.network.front(structure) if hat.role is not Role.MANAGER])


def need_data(life: Life, who: Somebody) -> NeedData:
    """What is noted of the need that brought somebody."""
    kind, demarche = who.wanted
    priority = pick(life.rng, ((Priority.P3, 78), (Priority.P2, 17), (Priority.P1, 5)))
    origin = pick(life.rng, ((Origin.SPONTANEE, 68), (Origin.ORIENTEE, 22), (Origin.ALLER_VERS, 8), (Origin.ELU, 2)))
    asked = (pick(life.rng, ASKED_OF[demarche]),) if demarche else ()
    return NeedData(kind=kind, demarche=demarche, priority=priority, origin=origin, organismes=asked)


def closing(life: Life) -> CloseData:
    """How a need ends: most are resolved, some are given up."""
    results = (
        (NeedResult.RESOLUE, 62),
        (NeedResult.EN_PARTIE, 16),
        (NeedResult.NON_RESOLUE, 8),
        (NeedResult.ABANDONNEE, 8),
        (NeedResult.SANS_SUITE, 6),
    )
    result = pick(life.rng, results)
    return CloseData(
        result=result, trip_avoided=life.rng.choice([True, False, None]), blockers=STOPPED_BY.get(result, ())
    )


# What stops most often a need that ends so.
STOPPED_BY = {
    NeedResult.EN_PARTIE: (Blocker.DELAI_SANS_REPONSE,),
    NeedResult.NON_RESOLUE: (Blocker.PAS_DE_GUICHET, Blocker.DOCUMENT_REFUSE),
    NeedResult.ABANDONNEE: (Blocker.CONNEXION_COMPTE,),
}


def visit_data(life: Life, actor: Actor, wanted: tuple[NeedKind, Demarche | None]) -> dict[str, object]:
    """What is noted of a session with somebody of the register, but the need."""
    kind, demarche = wanted
    themes = THEMES.get(kind, ADMINISTRATIVE)
    return session_values(
        life,
        actor,
        themes,
        demarches=(demarche,) if demarche and themes == ADMINISTRATIVE else (),
        organismes=(pick(life.rng, ASKED_OF[demarche]),) if demarche else (),
        autonomy=life.rng.choice([None, *Autonomy]),
        posture=pick(life.rng, ((Posture.J_ACCOMPAGNE, 70), (Posture.JE_FORME, 30))),
    )


def session_values(life: Life, actor: Actor, themes: tuple[Theme, ...], **more: object) -> dict[str, object]:
    """Fields of `SessionData`: where, how long, with what."""
    places = life.network.places.get(life.network.key_of(actor.structure_id), [])
    channel = pick(life.rng, ((Channel.GUICHET, 82), (Channel.TELEPHONE, 14), (Channel.EN_LIGNE, 4)))
    at_place = channel is Channel.GUICHET and bool(places)
    values: dict[str, object] = {
        "held_on": life.today,
        "minutes": pick(life.rng, MINUTES),
        "themes": themes,
        "place_kind": PlaceKind.LIEU_ACTIVITE if at_place else PlaceKind.A_DISTANCE,
        "place_id": life.rng.choice(places) if at_place else None,
        "channel": channel if at_place or channel is not Channel.GUICHET else Channel.TELEPHONE,
        "materials": (life.rng.choice([Material.ORDINATEUR, Material.TELEPHONE, Material.AUCUN]),),
    }
    return {**values, **more}


def stranger(life: Life, actor: Actor) -> tuple[Anonymous, SessionData]:
    """Somebody who is not in the register, and their session."""
    bands = [band for band in AgeBand if band not in {AgeBand.UNDER_12, AgeBand.FROM_12}]
    who = Anonymous(
        genre=life.rng.choice([Genre.FEMININ, Genre.FEMININ, Genre.MASCULIN]),
        age_band=life.rng.choice(bands),
        statut_social=life.rng.choice(list(SocialStatus)),
        commune_code="47157",
    )
    themes = life.rng.choice([ADMINISTRATIVE, (Theme.EMAIL,), (Theme.NAVIGATION_SUR_INTERNET,)])
    return who, SessionData(**session_values(life, actor, themes))  # type: ignore[arg-type]


def workshop(life: Life) -> tuple[Actor, Counts, SessionData]:
    """A workshop of three to ten people, counted."""
    actor = _of_the_front(life, pick(life.rng, (("library", 60), ("bus", 40))))
    total = life.rng.randint(3, 10)
    women = life.rng.randint(1, total)
    counts = Counts(total=total, genres=((Genre.FEMININ, women), (Genre.MASCULIN, total - women)), commune_code="47157")
    theme = life.rng.choice([Theme.SECURITE_NUMERIQUE, Theme.EMAIL, Theme.BUREAUTIQUE, Theme.INTELLIGENCE_ARTIFICIELLE])
    values = session_values(life, actor, (theme,), kind=SessionKind.COLLECTIF, minutes=120, title="Atelier du mardi")
    return actor, counts, SessionData(**values)  # type: ignore[arg-type]
