"""What can be set of a predictor, and the presets."""

from engines.contract import MethodParameters, parameter
from engines.predictors.stored import Kind, Learning


class Parameters(MethodParameters):
    """Defaults are for some thousand rows on one core: seconds."""

    kind: Kind = parameter(
        "network", title="Kind of model",
        help="A network has gradients and follows curves; linear has gradients and is plain; boosted trees, and what "
             "was trained elsewhere and is opened from an ONNX file, have none.")
    file: str = parameter(
        "", title="File", help="Of an ONNX file: its path. One input, the factors in order; outputs named as the "
                               "objectives, or one.")
    held_out: float = parameter(
        0.2, gt=0, le=0.5, unit="share", help="Rows kept aside to judge it by, where the data name no parts.")
    epochs: int = parameter(60, ge=1, le=100_000, unit="passes", help="Of a network: passes over the rows.")
    hidden: int = parameter(64, ge=2, le=4096, unit="units", help="Of a network: units in each hidden layer.")
    layers: int = parameter(2, ge=1, le=8, unit="layers", advanced=True, help="Of a network: hidden layers.")
    batch: int = parameter(128, ge=8, le=65_536, unit="rows", advanced=True, help="Of a network: rows in each step.")
    rate: float = parameter(3e-3, gt=0, le=0.1, advanced=True, help="Of a network: learning rate at its peak.")
    penalty: float = parameter(
        6.0, ge=0, le=1e6,
        help="Of a network or linear model: weight of the squared coefficients, as if so many rows said 0.")
    trees: int = parameter(150, ge=1, le=5000, unit="trees", help="Of boosting: trees for each predicted number.")
    depth: int = parameter(3, ge=1, le=12, unit="cuts", advanced=True, help="Of boosting: cuts down to a leaf.")
    shrinkage: float = parameter(0.1, gt=0, le=1, advanced=True, help="Of boosting: how much each tree adds.")
    share: float = parameter(
        0.7, gt=0, le=1, unit="share", advanced=True, help="Of boosting: rows that each tree is grown on.")

    def learning(self) -> Learning:
        """How to train it."""
        return Learning(
            self.kind, (self.hidden,) * self.layers, self.epochs, self.batch, self.rate, self.penalty, self.trees,
            self.depth, self.shrinkage, self.share,
        )


NETWORK, BOOSTING, LINEAR = Parameters(), Parameters(kind="boosting"), Parameters(kind="linear", penalty=1.0)
ONNX = Parameters(kind="ONNX file")
