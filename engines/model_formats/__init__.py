"""Networks of a model in the formats of other programs, and what files of other programs say of themselves.

`export_networks` writes a folder: one file a part that the model offers, each checked against our own output before it
stays, and `export.json` with what each part computes, its inputs and outputs, and the largest difference from our own
output. `read_heading` looks into an ONNX file, `fitting` tells how it goes with a table. Importing this loads neither
torch nor onnx.
"""

from engines.model_formats.exporting import REPORT, export_networks
from engines.model_formats.formats import FORMATS, missing_extra
from engines.model_formats.onnx_columns import Fitting, fitting
from engines.model_formats.onnx_heading import Heading, read_heading
from engines.model_formats.onnx_heading import texts as onnx_texts

__all__ = [
    "FORMATS", "REPORT", "Fitting", "Heading", "export_networks", "fitting", "missing_extra", "onnx_texts",
    "read_heading",
]
