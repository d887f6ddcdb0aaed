"""Refusals: what the analyst is told when an input cannot be used.

A refusal is raised before any work starts. It says what happened and to which file or column (`sentence`), why
(`cause`), and what can be done next (`offers`, as verbs for buttons). The window shows it in place, the command line
prints it and exits with 2.
"""


class Refusal(Exception):
    """An input that is refused.

    Attributes:
        sentence: What happened, and to which file, column or node. Complete, in the analyst's words.
        cause: A second sentence with the detail; may be empty.
        offers: What to do next, each a short verb phrase such as "Leave it out".
        about: The names concerned (columns, nodes, files), in order: a cycle is given as its nodes.
    """

    def __init__(
        self, sentence: str, cause: str = "", offers: tuple[str, ...] = (), about: tuple[str, ...] = ()
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cause = cause
        self.offers = offers
        self.about = about

    def __str__(self) -> str:
        return f"{self.sentence} {self.cause}".strip()
