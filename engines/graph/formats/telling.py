"""What format a text is in, told by how it begins."""

from __future__ import annotations

import re

_BEGINNINGS = (
    (".json", re.compile(r"\{(?=[^}]*\"nodes\")|\{\s*\"(?:directed|multigraph|graph|nodes|format)\"")),
    (".dot", re.compile(r"(?:strict\s+)?(?:di)?graph\b(?:\s*(?:\w+|\"[^\"]*\"))?\s*\{", re.IGNORECASE)),
    (".dagitty", re.compile(r"(?:dag|mag|pdag|pag)\b(?:\s*(?:\w+|\"[^\"]*\"))?\s*\{", re.IGNORECASE)),
    (".gml", re.compile(r"(?:(?:Creator|Version|comment)\b[^\n]*\n\s*)*graph\s*\[", re.IGNORECASE)),
    (".graphml", re.compile(r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<graphml\b", re.DOTALL)),
    (".tetrad", re.compile(r"Graph Nodes:")),
    (".bif", re.compile(r"network\b(?:\s*(?:[\w.-]+|\"[^\"]*\"))?\s*\{", re.IGNORECASE)),
)
_FORMULA = re.compile(r"\s*[A-Za-z.][\w.]*\s*(?:=~|~~|~)\s*[\w.]")
_COMMENT = re.compile(r"\s*(?://[^\n]*(?:\n|$)|/\*.*?\*/|#[^\n]*(?:\n|$))", re.DOTALL)
_HEAD = 20_000          # characters that are looked at


def told_by(text: str) -> str:
    """The ending of the format that a text begins like, such as ".dot"; empty for a text that is no graph."""
    head = text[:_HEAD].lstrip("\ufeff")
    while (comment := _COMMENT.match(head)) is not None:
        head = head[comment.end() :]
    head = head.lstrip()
    if (found := next((ending for ending, beginning in _BEGINNINGS if beginning.match(head)), "")) or not head:
        return found
    lines = [line for line in head.split("\n") if line.strip() and not line.lstrip().startswith(("#", "!"))]
    return ".lav" if all(_FORMULA.match(line) for line in lines) else ""
