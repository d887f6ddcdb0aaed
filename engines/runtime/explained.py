"""The model that a run explains, by reference: the run of another method, read again just as it was."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from engines import catalogue, models
from engines.abilities import Carded
from engines.contract import Model
from engines.data.reading import fingerprint
from engines.refusals import Refusal
from engines.runtime.messages import ModelReference

CHOOSE_ANOTHER = "Choose another model"


def refer(folder: str | Path, title: str = "") -> ModelReference:
    """A reference to the model in `folder` as it is now. `title`: what it is called; else the folder's name.

    Raises:
        Refusal: when there is no model of ours, or only a pickle.
    """
    whole = Path(folder).expanduser().absolute()
    whole = whole.parent if whole.name in (models.MODEL, models.TENSORS) else whole
    made = models.read_card(whole).get("card", {}).get("made")
    return ModelReference(
        str(whole), _fingerprint(whole), title or _named(whole), made if isinstance(made, str) else ""
    )


def carded(reference: ModelReference) -> Carded:
    """What the model's card tells of it, without loading it.

    Raises:
        Refusal: when it is gone or no model.
    """
    folder = _folder(reference)
    return Carded.from_json(reference.title, models.read_card(folder).get("card", {}).get("predictor", {}))


def load(reference: ModelReference) -> Model:
    """The model itself.

    Raises:
        Refusal: when it is gone, has changed, is a pickle, or does not fit its method.
    """
    folder = _folder(reference)
    document = models.read_card(folder)
    if reference.fingerprint and _fingerprint(folder) != reference.fingerprint:
        raise Refusal(
            f"{reference.title} has changed since it was chosen.",
            f"The files in {folder} are not those that were chosen. Choose it again to use it as it is now.",
            (CHOOSE_ANOTHER,), (str(folder),),
        )
    return models.load(folder, catalogue.load(document["method"]))


def _folder(reference: ModelReference) -> Path:
    folder = Path(reference.folder)
    if not folder.exists():
        raise Refusal(
            f"{reference.title} is not there any more.", f"It lay in {folder}. Put it back, or choose another model.",
            (CHOOSE_ANOTHER,), (str(folder),),
        )
    return folder


def _fingerprint(folder: Path) -> str:
    """Of the files that make the model; what else lies beside them does not count."""
    parts = [fingerprint(folder / name) for name in (models.MODEL, models.TENSORS)]
    return blake2b(" ".join(parts).encode(), digest_size=16).hexdigest()


def _named(folder: Path) -> str:
    """A run's model lies in its folder `model`, which is no name."""
    return folder.parent.name if folder.name == "model" else folder.name
