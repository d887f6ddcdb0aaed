"""How a formula came about, step by step, in sentences."""

from __future__ import annotations

from engines.graph.do_calculus.admg import Admg
from engines.graph.do_calculus.expressions import Names
from engines.graph.do_calculus.notation import Notation, named
from engines.graph.do_calculus.search import exchanged
from engines.graph.do_calculus.words import listed


def derivation(
    seen: Admg, world: Admg, outcomes: Names, do: Names, given: Names, notation: Notation
) -> tuple[str, ...]:
    """The steps of ID or IDC from the observed nodes `seen` to a formula over those of `world`."""
    def told(names: Names) -> str:
        return listed([named(name) for name in notation.sorted(names)])

    steps = []
    spared = frozenset(seen.order) - frozenset(world.order)
    if spared:
        them = "it" if len(spared) == 1 else "them"
        steps.append(f"{told(spared)} need not be measured: the effect is identified without {them}.")
    done, known = exchanged(world, outcomes, do, given)
    if done - do:
        steps.append(f"With {told(do)} set, seeing {told(done - do)} says as much as setting it.")
    if known:
        steps.append(f"What is left to condition on, {told(known)}, joins the outcome and is divided out at the end.")
    asked = outcomes | known
    near = world.within(world.ancestors(asked))
    idle = done - near.cut(into=done & frozenset(near.order)).ancestors(asked)
    if idle:
        steps.append(f"Setting {told(idle)} makes no difference here.")
    needed = near.within(frozenset(near.order) - done).ancestors(asked)
    parts = near.within(needed).districts
    if len(parts) > 1:
        steps.append(
            f"With {told(done)} set, the formula has {len(parts)} parts, one for nodes that hidden causes join: "
            f"{'; '.join(told(part) for part in parts)}."
        )
    whole = {part: near.district(next(iter(part))) for part in parts}
    alike = frozenset().union(*(part for part in parts if whole[part] == part))
    if alike:
        steps.append(f"For {told(alike)} the rows show what would be if {told(done)} were set.")
    steps += [
        f"For {told(part)} it is computed from {told(whole[part])}, which hidden causes join."
        for part in parts if whole[part] != part
    ]
    if needed - asked:
        steps.append(f"In the end it is summed over {told(needed - asked)}.")
    return tuple(steps)
