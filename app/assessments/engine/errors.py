"""What the engine refuses, and the name of the thing refused."""


class AssessmentInputError(ValueError):
    """An answer sheet that cannot be scored; `name` is the offending question, code or mode."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name


class UnknownMode(AssessmentInputError):
    """The mode is not one of the instrument's."""

    def __init__(self, mode: object) -> None:
        super().__init__(str(mode), f"mode inconnu : « {mode} »")


class UnknownQuestion(AssessmentInputError):
    """The question is not in the instrument."""

    def __init__(self, question: str) -> None:
        super().__init__(question, f"question inconnue : « {question} »")


class UnknownCode(AssessmentInputError):
    """The code is not one of the question's answers; `name` is the code."""

    def __init__(self, question: str, code: object) -> None:
        super().__init__(str(code), f"code inconnu pour la question {question} : « {code} »")
        self.question = question


class ForbiddenField(AssessmentInputError):
    """The field may never stand beside an assessment (age, sex, origin, health…)."""

    def __init__(self, field: str) -> None:
        super().__init__(field, f"champ interdit : « {field} »")


class InstrumentError(ValueError):
    """An instrument file that is not usable; `place` is the path inside the JSON."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place} : {problem}")
        self.place = place
        self.problem = problem


class UnknownVersion(LookupError):
    """No published instrument has this version."""
