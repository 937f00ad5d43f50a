"""docs/data-model.md says what the models say."""

from tools.data_model import TARGET, document


def test_the_document_follows_the_models() -> None:
    assert TARGET.read_text() == document(), "run: python -m tools.data_model"
