"""What a method accepts, as plain data, and what a run gets; what does not fit is refused here, before any work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from engines.abilities import Ability, Able, Carded, Predictor
from engines.data.kinds import Column, ColumnType, DataKind, DataSet, Table
from engines.data.roles import Role
from engines.graph.graph import Graph, Mark
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal


class Need(StrEnum):
    """Whether an input is used."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Columns:
    """Columns of one role that a method asks for: how many of them; `fewest` to `most_values` different values each."""

    role: Role
    types: tuple[ColumnType, ...] = (ColumnType.NUMBER,)
    least: int = 1
    most: int | None = None
    constant: bool = False
    missing: bool = False
    fewest: int = 1
    most_values: int | None = None


@dataclass(frozen=True)
class Accepts:
    """What a method accepts, as plain data.

    Attributes:
        kind: The kind of `data`.
        columns: What it asks of the columns (of the attributes, for images).
        least_items: Fewest rows or pictures that make sense.
        graph: A causal graph over the columns of `graph_roles`; `acyclic` asks for one without directed cycles, with
            `latents` it may have latent nodes that are no columns.
        knowledge: Required and forbidden edges, tiers; a fit gets it resolved to names of columns.
        truth: A graph to score against, never used for fitting.
        long_tails: Columns with a long tail do as well as others; else the analyst is offered their logarithm.
        model: What the model that it explains must be able to do; None when it needs no model.
    """

    kind: DataKind
    columns: tuple[Columns, ...] = ()
    least_items: int = 2
    graph: Need = Need.NO
    acyclic: bool = True
    graph_roles: tuple[Role, ...] = (Role.FACTOR,)
    latents: bool = False
    knowledge: Need = Need.NO
    truth: Need = Need.NO
    long_tails: bool = True
    model: Ability | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "columns": [
                {
                    "role": str(c.role),
                    "types": [str(t) for t in c.types],
                    "least": c.least,
                    "most": c.most,
                    "constant": c.constant,
                    "missing": c.missing,
                    "fewest": c.fewest,
                    "most_values": c.most_values,
                }
                for c in self.columns
            ],
            "least_items": self.least_items,
            "graph": str(self.graph),
            "acyclic": self.acyclic,
            "graph_roles": [str(role) for role in self.graph_roles],
            "latents": self.latents,
            "knowledge": str(self.knowledge),
            "truth": str(self.truth),
            "long_tails": self.long_tails,
            "model": None if self.model is None else str(self.model),
        }

    @staticmethod
    def from_json(plain: Mapping[str, Any]) -> Accepts:
        """The inverse of `to_json`, so that the window can ask `refusal` of a manifest."""
        return Accepts(
            kind=DataKind(plain["kind"]),
            columns=tuple(
                Columns(
                    Role(c["role"]),
                    tuple(ColumnType(t) for t in c["types"]),
                    c["least"],
                    c["most"],
                    c["constant"],
                    c["missing"],
                    c.get("fewest", 1),
                    c.get("most_values"),
                )
                for c in plain["columns"]
            ),
            least_items=plain["least_items"],
            graph=Need(plain["graph"]),
            acyclic=plain["acyclic"],
            graph_roles=tuple(Role(role) for role in plain.get("graph_roles", (Role.FACTOR,))),
            latents=plain.get("latents", False),
            knowledge=Need(plain["knowledge"]),
            truth=Need(plain["truth"]),
            long_tails=plain.get("long_tails", True),
            model=None if plain.get("model") is None else Ability(plain["model"]),
        )

    def check(self, inputs: Inputs) -> None:
        """Refuse inputs that do not fit.

        Raises:
            Refusal: with what is missing and how to give it.
        """
        _check_inputs(self, inputs)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a run gets. Fields that `accepts` does not name are None. `model` is what its card tells where nobody has
    loaded it.
    """

    data: DataSet
    graph: Graph | None = None
    knowledge: Knowledge = Knowledge()
    truth: Graph | None = None
    model: Able | Carded | None = None

    @property
    def predictor(self) -> Predictor:
        """The predictor of the loaded model that was given.

        Raises:
            TypeError: when none was; `Accepts.check` refuses such inputs to a method that asks for one.
        """
        found = None if self.model is None or isinstance(self.model, Carded) else self.model.predictor()
        if found is None:
            raise TypeError("These inputs hold no predictor.")
        return found

    @property
    def table(self) -> Table:
        """The table of attributes, whatever the kind."""
        return self.data.attributes


_ITEMS = {DataKind.TABLE: "rows", DataKind.IMAGES: "images"}


def _check_inputs(accepts: Accepts, inputs: Inputs) -> None:
    data, table = inputs.data, inputs.table
    if data.kind is not accepts.kind:
        raise Refusal(
            f"{data.name} holds {_ITEMS[data.kind]}; this method needs {_ITEMS[accepts.kind]}.",
            "Choose another data set or another method.",
        )
    if len(data) < accepts.least_items:
        items = _ITEMS[data.kind].removesuffix("s" if len(data) == 1 else "")
        raise Refusal(
            f"{data.name} has {len(data)} {items}; at least {accepts.least_items} are needed.",
            "Add data, or choose another method.",
        )
    for need in accepts.columns:
        _check_columns(need, table)
    if accepts.graph is Need.REQUIRED and inputs.graph is None:
        raise Refusal("This method needs a causal graph.", "Draw one, learn one or import one.", ("Draw the graph",))
    for graph, called in ((inputs.graph, "graph"), (inputs.truth, "true graph")):
        if graph is not None:
            _check_graph(accepts, graph, called, inputs.data.name, table)
    inputs.knowledge.checked(table.names)
    if accepts.model is not None:
        _check_model(accepts.model, inputs)
    elif inputs.model is not None:
        raise Refusal("This method explains no model.", "Leave the model out, or choose a method that explains one.")


def _check_graph(accepts: Accepts, graph: Graph, called: str, data: str, table: Table) -> None:
    variables = {column.name for column in table.having(*accepts.graph_roles)}
    what = "factor" if accepts.graph_roles == (Role.FACTOR,) else "variable"
    for node in graph.nodes:
        if node.name in variables or (accepts.latents and Mark.LATENT in node.marks):
            continue
        raise Refusal(
            f"The {called} has a node {node.name}, which is not a {what} of {data}.",
            f"Its {what}s are {', '.join(sorted(variables))}. Rename or remove the node"
            + (", or mark it as latent." if accepts.latents else "."),
            about=(node.name,),
        )
    if accepts.acyclic and called == "graph":
        graph.order()


def _check_model(asked: Ability, inputs: Inputs) -> None:
    if inputs.model is None:
        raise Refusal(
            "This method explains a model; none is chosen.",
            "Train a predictor on these data first, or open an ONNX file, then choose it.", ("Train a predictor",),
        )
    if isinstance(inputs.model, Carded):
        inputs.model.check(asked, inputs.table)
        return
    predictor = inputs.model.predictor()
    Carded.of("The model", predictor).check(asked, inputs.table)
    inputs.predictor.rows(inputs.table)


def _check_columns(need: Columns, table: Table) -> None:
    found = table.having(need.role)
    if len(found) < need.least:
        have = f"{len(found)} {'is' if len(found) == 1 else 'are'} there" if found else "none is there"
        raise Refusal(
            f"At least {need.least} column{'s' if need.least > 1 else ''} with the role {need.role} "
            f"{'are' if need.least > 1 else 'is'} needed in {table.name}; {have}.",
            "Give more columns that role.",
        )
    if need.most is not None and len(found) > need.most:
        raise Refusal(
            f"At most {need.most} column{'s' if need.most > 1 else ''} may have the role {need.role}; "
            f"{len(found)} have it: {', '.join(c.name for c in found)}.",
            about=tuple(c.name for c in found),
        )
    for column in found:
        if column.type not in need.types:
            allowed = " or ".join(need.types)
            raise Refusal(
                f"Column {column.name} is {column.type}; this method needs {allowed} for the role {need.role}.",
                "Change its type or leave it out.",
                ("Leave it out",),
                (column.name,),
            )
        missing = int(column.missing.sum())
        if missing and not need.missing:
            raise Refusal(
                f"Column {column.name} has {missing} missing values: impute or drop them.",
                f"{missing} of {len(table)} rows have no value there.",
                ("Drop these rows", "Leave the column out"),
                (column.name,),
            )
        if column.type is ColumnType.NUMBER and np.isinf(column.values).any():
            where = int(table.row_ids[int(np.argmax(np.isinf(column.values)))])
            raise Refusal(
                f"Column {column.name} has an infinite value in row {where}: drop the row or the column.",
                offers=("Drop these rows", "Leave the column out"),
                about=(column.name,),
            )
        if column.constant and not need.constant:
            raise Refusal(
                f"Column {column.name} never varies; remove it.",
                f"It holds one value in all {len(table)} rows, so it cannot cause anything.",
                ("Leave it out",),
                (column.name,),
            )
        _check_values(need, column)


def _check_values(need: Columns, column: Column) -> None:
    """Refuse a column of too few, or too many, different values; the first rows usually tell."""
    if need.fewest <= 1 and need.most_values is None:
        return
    for values in (column.values[:1000], column.values):
        count = len(np.unique(values))
        if need.most_values is not None and count > need.most_values:
            raise Refusal(
                f"Column {column.name} takes more than {need.most_values} values; this method needs at most "
                f"{need.most_values} for the role {need.role}.",
                "Choose another column or method, the rows of fewer values, or a column of one value against the rest.",
                about=(column.name,),
            )
        if count >= need.fewest and need.most_values is None:
            return
    if count < need.fewest:
        raise Refusal(
            f"Column {column.name} takes only {count} values; this method needs at least {need.fewest} for the role "
            f"{need.role}.",
            "Choose another column, or another method.",
            about=(column.name,),
        )
