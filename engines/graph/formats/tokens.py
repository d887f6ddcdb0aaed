"""The words of DOT, DAGitty and GML texts, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from engines.graph.formats.building import Place


class Token(NamedTuple):
    """A word; `kind` is "id", "string", "html", "arrow", "sign" or "end"."""

    kind: str
    text: str
    line: int


_COMMENT = r"(?P<comment>//[^\n]*|/\*.*?\*/|\#[^\n]*)"
_STRING = r'(?P<string>"(?:[^"\\]|\\.)*")'
_STRING_AS_IT_IS = r'(?P<string>"[^"]*")'
_BROKEN = r'(?P<broken>"|/\*)'
_ID = r"(?P<id>[\w.][\w.]*|-?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][+-]?\d+)?)"
_SIGN = r"(?P<sign>[{}\[\];,=:+])"
_NUMBER = r"(?P<number>[+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][+-]?\d+)?(?![\w.]))"


class Words:
    """A text cut into words, read one after the other.

    Args:
        text: The text.
        place: The file.
        arrows: Signs that join nodes, the longest first.
        html: Whether a string may stand between < and >, as in DOT.
        escapes: Whether a backslash in a string takes the next character as it is.
    """

    def __init__(
        self, text: str, place: Place, arrows: tuple[str, ...] = (), *, html: bool = False, escapes: bool = True
    ) -> None:
        self._place = place
        self._tokens = list(_cut(text, place, arrows, html=html, escapes=escapes))
        self._at = 0

    def peek(self) -> Token:
        return self._tokens[self._at]

    def next(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def at(self, word: str) -> bool:
        """Whether a sign or an unquoted word comes next, whatever its case."""
        token = self.peek()
        return token.kind in ("sign", "id") and token.text.lower() == word

    def here(self) -> Place:
        """The place of the next word."""
        return self._place.at(self.peek().line)

    def takes(self, sign: str) -> bool:
        """Step over a sign if it comes next."""
        token = self.peek()
        if token.kind == "sign" and token.text == sign:
            self._at += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        """Step over a sign that must come next."""
        if not self.takes(sign):
            token = self.peek()
            if token.kind == "end":
                raise self.here().refusal(f"the file ends here, where {sign!r} is expected.", "It seems to be cut off.")
            raise self.here().refusal(f"{sign!r} is expected before {token.text[:40]!r}.")

    def word(self, what: str) -> str:
        """An id or string that must come next."""
        token = self.next()
        if token.kind == "end":
            raise self.here().refusal(f"the file ends here, where {what} is expected.", "It seems to be cut off.")
        if token.kind not in ("id", "string", "html"):
            raise self._place.at(token.line).refusal(f"{what} is expected before {token.text[:40]!r}.")
        return token.text


def _cut(text: str, place: Place, arrows: tuple[str, ...], *, html: bool, escapes: bool) -> Iterator[Token]:
    parts = [_COMMENT, _STRING if escapes else _STRING_AS_IT_IS, _BROKEN]
    if arrows:
        parts.append("(?P<arrow>" + "|".join(re.escape(arrow) for arrow in arrows) + ")")
    if html:
        parts.append(r"(?P<html><)")
    pattern = re.compile("|".join((*parts, _NUMBER, _ID, _SIGN, r"(?P<space>\s+)")), re.DOTALL)
    at, line = 0, 1
    while at < len(text):
        found = pattern.match(text, at)
        if found is None:
            raise place.at(line).refusal(f"{text[at]!r} is not expected here.")
        kind, word = found.lastgroup or "", found.group()
        if kind == "broken":
            what = "a string" if word == '"' else "a comment"
            raise place.at(line).refusal(f"{what} begins here and does not end.", "The file seems to be cut off.")
        at = found.end()
        if kind == "html":
            at = _html_end(text, found.start(), place.at(line))
            word = text[found.start() + 1 : at - 1]
        if kind == "string":
            yield Token("string", unescaped(word[1:-1]) if escapes else word[1:-1], line)
        elif kind in ("id", "number"):
            yield Token("id", word, line)
        elif kind in ("arrow", "sign", "html"):
            yield Token(kind, word, line)
        line += text.count("\n", found.start(), at)
    yield Token("end", "", line)


def _html_end(text: str, start: int, place: Place) -> int:
    depth = 0
    for at in range(start, len(text)):
        depth += {"<": 1, ">": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    raise place.refusal("a string in < > begins here and does not end.", "The file seems to be cut off.")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "" if m[1] == "\n" else m[1], text, flags=re.DOTALL)


def quoted(text: str) -> str:
    """A string in quotes, its quotes and backslashes escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
