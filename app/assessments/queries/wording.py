"""Words for the codes of the instrument: the professional's on one side, the person's on the other."""

from __future__ import annotations

from app.assessments import engine
from app.kernel.i18n import gettext, language
from app.kernel.i18n import lazy_gettext as _

PROFILE_SENTENCES = {
    "oublies": _("Un coup de main avec l’outil peut vous aider : l’appareil, Internet, ou les gestes."),
    "naufrages": _("Vous avez surtout besoin d’aide pour la démarche elle-même."),
    "refractaires": _("Vous préférez une autre voie qu’Internet. C’est votre choix, et il y en a d’autres."),
    "autonome": _("Vous vous débrouillez bien. Nous restons là pour un coup de main."),
    "indetermine": _("Nous verrons ensemble, plus tard, ce qui peut vous aider."),
}
STRENGTHS = {
    "H1": _("Un proche peut vous aider."),
    "T2": _("Vous voulez savoir faire vos démarches sur Internet."),
    "A1": _("Vous avez un ordinateur ou une tablette, et un smartphone."),
    "A2": _("Vous avez Internet, et il marche bien."),
    "C1": _("Vous allez souvent sur Internet."),
    "C3": _("Vous avez une adresse e-mail et vous la regardez souvent."),
    "R2": _("Devant un nouvel appareil ou un nouveau site, vous essayez et vous y arrivez."),
    "L2": _("Vous lisez les courriers officiels sans aide."),
}
ACTION_SENTENCES = {
    "ACT_URGENCE": _("Faire ensemble, aujourd’hui, la démarche qui presse."),
    "ACT_MANDAT": _("Si vous êtes d’accord, un professionnel fait la démarche à votre place."),
    "ACT_ALTERNATIVE": _("Faire la démarche au guichet, par téléphone ou sur papier."),
    "ACT_INTERPRETE": _("Se revoir avec un interprète."),
    "ACT_FLE": _("Suivre un atelier de français ou de lecture."),
    "ACT_ECRIVAIN": _("Se faire aider pour lire, écrire et classer les courriers."),
    "ACT_REFERENT": _("Avoir une seule personne qui suit tout votre dossier avec vous."),
    "ACT_TS": _("Rencontrer un travailleur social pour faire le point sur vos droits."),
    "ACT_JURIDIQUE": _("Demander conseil pour un dossier refusé ou un droit perdu."),
    "ACT_REASSURANCE": _("Faire vous-même, avec quelqu’un à côté de vous."),
    "ACT_OUTILS": _("Apprendre sur votre appareil, avec quelqu’un rien que pour vous."),
    "ACT_ATELIER": _("Apprendre en petit groupe, depuis le début."),
    "ACT_DIAG": _("Essayer quelques gestes, pour voir par où commencer."),
    "ACT_MAIL": _("Créer ou retrouver votre adresse e-mail, et ranger vos mots de passe."),
    "ACT_EQUIPEMENT": _("Chercher un appareil : don, prêt ou petit prix."),
    "ACT_CONNEXION": _("Trouver un accès à Internet : un lieu ouvert à tous, ou un forfait à petit prix."),
    "ACT_SECURITE": _("Apprendre à reconnaître les faux messages."),
    "ACT_CONFIANCE": _("Parler de ce qui vous inquiète sur Internet. Vous choisissez ensuite."),
    "ACT_ALLERVERS": _("Nous pouvons venir chez vous, ou près de chez vous."),
    "ACT_LIEN": _("Trouver quelqu’un sur qui compter : un proche, un bénévole, une permanence."),
    "ACT_INFO": _("Recevoir les horaires et les adresses utiles."),
    "ACT_COMPLETER": _("Se revoir bientôt pour finir les questions."),
    "ACT_SUIVI": _("Se revoir dans trois mois environ."),
}
RELIABILITIES = {
    "elevee": _("Fiabilité élevée"),
    "moyenne": _("Fiabilité moyenne"),
    "faible": _("Fiabilité faible"),
}
MISSING = {
    "nsp": _("Ne sait pas"),
    "refus": _("Ne souhaite pas répondre"),
    "sans_objet": _("Ne s’applique pas"),
}
REASONS = {
    "connaissance_personne": _("Je connais mieux la situation de la personne"),
    "reponse_incoherente": _("Des réponses se contredisent"),
    "observation": _("Ce que j’ai vu pendant l’entretien"),
    "demande_personne": _("La personne ne se reconnaît pas dans ce profil"),
    "autre": _("Autre raison"),
}
CORRECTIONS = {
    "saisie": _("Erreur de saisie"),
    "comprehension": _("Une question avait été mal comprise"),
    "personne": _("La personne a précisé ou changé sa réponse"),
    "observation": _("Un fait observé contredit une réponse"),
    "autre": _("Autre raison"),
}


def instrument_of(version: str = engine.CURRENT) -> engine.Instrument:
    """The instrument in the language of the request."""
    return engine.instrument_in(language(), version)


def deferral_reason(said: str, version: str = engine.CURRENT) -> str:
    """Why an action waits, in the language of the request. A result keeps the French reason of its day."""
    pairs = zip(engine.load_instrument(version).deferrals, instrument_of(version).deferrals, strict=True)
    return next((shown.reason for kept, shown in pairs if kept.reason == said), said)


def profile_label(code: str | None, version: str = engine.CURRENT) -> str:
    """The professional's words for a profile; empty for no profile or an unknown code."""
    found = instrument_of(version).profile.get(code or "")
    return found.label if found else ""


def profile_phrase(code: str | None, version: str = engine.CURRENT) -> str:
    """One sentence of explanation for professionals; empty for no profile or an unknown code."""
    found = instrument_of(version).profile.get(code or "")
    return found.phrase if found else ""


def cause_label(code: str, version: str = engine.CURRENT) -> str:
    """The words of a sub-cause, whatever its profile; empty when unknown."""
    profiles = instrument_of(version).profiles
    return next((cause.label for profile in profiles for cause in profile.causes if cause.code == code), "")


def band_label(code: str | None, version: str = engine.CURRENT) -> str:
    """The words of a band of the index; empty for none."""
    bands = instrument_of(version).scoring.bands
    return next((band.label for band in bands if band.code == code), "")


def reliability_label(code: str | None) -> str:
    """« Fiabilité moyenne »; without a code, nothing was concluded."""
    return str(RELIABILITIES.get(code or "", _("Fiabilité inconnue")))


def reason_label(code: str | None) -> str:
    """Why another profile was kept; empty for none."""
    return str(REASONS.get(code or "", ""))


def correction_label(code: str | None) -> str:
    """Why an assessment was corrected; empty for none."""
    return str(CORRECTIONS.get(code or "", ""))


def answer_label(question: engine.Question, code: str) -> str:
    """The words of an answer, « Ne sait pas » and its like included; empty when unknown."""
    option = question.by_code.get(code)
    return option.label if option else str(MISSING.get(code, ""))


def level_words(score: int | None) -> str:
    """A dimension of two or three questions moves in big steps: it reads as low, medium or high (assessment.md § 10)."""
    if score is None:
        return gettext("non évalué")
    if score < 34:
        return gettext("peu")
    return gettext("assez") if score < 67 else gettext("beaucoup")
