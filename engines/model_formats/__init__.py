"""Networks of a model in the formats of other programs, each checked against our own output before it stays.

`export_networks` writes a folder: one file a part that the model offers, and `export.json` with what each part
computes, its inputs and outputs, and the largest difference from our own output. Importing this loads neither torch
nor onnx.
"""

from engines.model_formats.exporting import REPORT, export_networks
from engines.model_formats.formats import FORMATS, missing_extra

__all__ = ["FORMATS", "REPORT", "export_networks", "missing_extra"]
