"""What a run was and how it ended, as plain text to pass on."""

from __future__ import annotations

import json
from pathlib import Path

from studio.runs.runs import RunInfo

_LOG_LINES = 200


def report(info: RunInfo, log: Path) -> str:
    """Method, data, settings, versions, ending, log and trace of a run; figures plain, not by locale.

    Args:
        log: Where the lane that trained it logs.
    """
    from engines.runtime.execution import versions

    request, ended = info.request, info.ended
    lines = [
        f"Otherwise, {info.name}, {info.title} ({request.method})",
        f"state: {info.state}",
        f"step: {info.done} of {info.total}" if info.total else f"step: {info.done}",
        f"data: {request.data.path}",
        f"fingerprint: {request.data.fingerprint or 'none'}",
        f"settings: {json.dumps(dict(request.parameters), default=str)}",
        f"seed: {request.seed}, device: {request.device}, threads: {request.threads}",
        f"versions: {', '.join(f'{name} {version}' for name, version in versions().items())}",
        f"log of the engine: {log}",
    ]
    if (model := request.model) is not None:
        lines.append(f"explains: {model.title}, {model.fingerprint}, made {model.made or 'at a time not known'}")
    if ended is not None:
        lines += [f"ending: {ended.sentence or ended.state}"]
        lines += [f"cause: {ended.cause}"] if ended.cause else []
        lines += [f"seconds: {ended.seconds:.1f} (CPU {ended.cpu_seconds:.1f}), peak memory: {ended.memory} bytes"]
    if info.log:
        lines += ["", "log:", *info.log[-_LOG_LINES:]]
    if ended is not None and ended.trace:
        lines += ["", "trace:", ended.trace.rstrip()]
    return "\n".join(lines) + "\n"
