"""Sixteen graphs: the twelve examples that DAGitty ships (as pgmpy's package holds them, MIT), and four of textbooks.

Each with what is right for the marked effect, settled by the literature and by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from engines.graph.formats import dagitty
from engines.graph.formats.building import Place
from engines.graph.graph import Graph, Mark

IDENTIFIED, NOT_IDENTIFIED, UNDECIDED = "identified", "not identified", "undecided"


@dataclass(frozen=True)
class Known:
    """A graph in DAGitty's words, the effect that is asked for, and the right answer.

    Attributes:
        adjust: The nodes of the formula besides the query, as it should come out; None where there is no formula.
    """

    name: str
    text: str
    verdict: str
    nodes: int
    edges: int
    adjust: frozenset[str] | None = None

    @property
    def graph(self) -> Graph:
        return dagitty.parse(f"dag {{ {self.text} }}", Place(self.name))

    def marked(self, mark: Mark) -> list[str]:
        return [node.name for node in self.graph.nodes if mark in node.marks]

    @property
    def exposure(self) -> list[str]:
        return self.marked(Mark.EXPOSURE)

    @property
    def outcome(self) -> list[str]:
        return self.marked(Mark.OUTCOME)


def _known(
    name: str, size: tuple[int, int], text: str, verdict: str = IDENTIFIED, adjust: str | None = None
) -> Known:
    return Known(name, text, verdict, *size, None if adjust is None else frozenset(adjust.split()))


SIXTEEN = (
    _known("Acid 1996", (18, 22), """
        x3 [exposure] x15 [outcome]
        x1 -> { x3 x4 } x2 -> x3 x3 -> { x5 x6 } x4 -> x5 x5 -> { x7 x11 } x6 -> { x7 x14 } x7 -> x9 x8 -> { x14 x15 }
        x9 -> x10 x10 -> { x12 x15 } x11 -> x12 x12 -> x13 x14 -> x16 x15 -> { x17 x18 } x16 -> x17
        """, adjust="x4"),
    _known("Didelez 2010", (7, 11), """
        HRT [exposure] TCI [outcome] S [selected] Age [adjusted] Smo [adjusted]
        Age -> { HRT Occ S TCI } HRT -> TCI Occ -> { Smo Thist } Smo -> { HRT TCI } TCI -> S Thist -> TCI
        """, UNDECIDED),
    _known("Kampen 2014", (12, 24), """
        SUS [exposure] EGC [outcome]
        AFF -> { ALN APA CDR } AIS -> { AFF EGC SUS } ALN -> { APA DET FTW PER SUS } CDR -> DET EGC -> HOS
        FTW -> { DET EGC } PER -> DET SAN -> { AFF AIS ALN APA CDR } SUS -> { EGC FTW HOS }
        """, adjust="AIS ALN"),
    _known("M-bias", (3, 3), "E [exposure] D [outcome] Z <-> { D E } E -> D", adjust=""),
    _known("Polzer 2012", (14, 69), """
        ToothLoss [exposure] Mortality [outcome]
        Age -> { Alcohol Caries Diabetes Hypertension Lipids Mortality Obesity Periodontitis Psychosocial Smoking Sport
            ToothLoss }
        Alcohol -> { Diabetes Hypertension Lipids Mortality Obesity Smoking ToothLoss } Caries -> ToothLoss
        Diabetes -> { Hypertension Lipids Mortality Periodontitis } Hypertension -> Mortality Lipids -> Mortality
        Obesity -> { Diabetes Hypertension Lipids Mortality Periodontitis } Periodontitis -> ToothLoss
        Psychosocial -> { Alcohol Caries Diabetes Hypertension Lipids Mortality Obesity Periodontitis Smoking Sport
            ToothLoss }
        Sex -> { Alcohol Caries Diabetes Hypertension Lipids Mortality Obesity Periodontitis Psychosocial Smoking Sport
            ToothLoss }
        Smoking -> { Diabetes Hypertension Mortality Obesity Periodontitis Sport ToothLoss }
        Sport -> { Diabetes Hypertension Lipids Mortality Obesity Periodontitis } ToothLoss -> Mortality
        """, adjust="Age Sex Psychosocial Alcohol Smoking Sport Obesity Diabetes"),
    _known("Schipf 2010", (7, 14), """
        TT [exposure] T2DM [outcome]
        A -> { PA S TT U WC } PA -> { T2DM WC } S -> { T2DM TT } U -> { T2DM TT } WC -> { T2DM TT U }
        """, adjust=""),
    _known("Sebastiani 2005", (36, 60), """
        EDN1.3 [exposure] EDNI1.7 [outcome]
        ANXA2.12 -> { ANXA2.11 ANXA2.13 ANXA2.5 ANXA2.7 } ANXA2.13 -> ANXA2.11 ANXA2.7 -> { ANXA2.11 ANXA2.5 }
        ANXA2.8 -> { ADCY9.8 ANXA2.13 BMP6 CAT ECE1.12 EDN1.3 EDNI1.6 } BMP6 -> BMP6.10 BMP6.10 -> { BMP6.11 BMP6.13 }
        BMP6.11 -> BMP6.9 BMP6.13 -> { BMP6.12 BMP6.9 } BMP6.14 -> BMP6.12 CAT -> MET.5 CSF2.3 -> CSF2.4
        ECE1.12 -> ECE1.13 ECE1.13 -> SELP.17 EDN1.10 -> EDNI1.7 EDN1.3 -> { ANXA2.12 EDNI1.7 }
        EDN1.9 -> { BMP6.14 EDN1.10 EDN1.3 } EDNI1.6 -> { EDN1.10 EDNI1.7 } MET.5 -> { MET.6 SELP.14 TGFBR3.7 }
        MET.6 -> SELP.12 SELP.17 -> SELP.22
        Stroke -> { ADCY9.8 BMP6.10 BMP6.11 BMP6.12 BMP6.13 CSF2.4 ECE1.12 ECE1.13 MET.5 MET.6 SELP.12 SELP.14 SELP.22
            TGFBR3.10 TGFBR3.8 }
        TGFBR3.10 -> { TGFBR3.2 TGFBR3.9 } TGFBR3.2 -> TGFBR3.9 TGFBR3.7 -> { CSF2.3 TGFBR3.10 }
        TGFBR3.8 -> { TGFBR3.2 TGFBR3.9 }
        """, adjust="EDNI1.6 EDN1.10"),
    _known("Shrier 2008", (13, 19), """
        WarmUpExercises [exposure] Injury [outcome]
        Coach -> { FitnessLevel TeamMotivation } ConnectiveTissueDisorder -> { NeuromuscularFatigue TissueWeakness }
        ContactSport -> { IntraGameProprioception PreviousInjury }
        FitnessLevel -> { NeuromuscularFatigue PreGameProprioception }
        Genetics -> { ConnectiveTissueDisorder FitnessLevel NeuromuscularFatigue } IntraGameProprioception -> Injury
        NeuromuscularFatigue -> { Injury IntraGameProprioception } PreGameProprioception -> WarmUpExercises
        TeamMotivation -> { PreviousInjury WarmUpExercises } TissueWeakness -> Injury
        WarmUpExercises -> IntraGameProprioception
        """, adjust="NeuromuscularFatigue TissueWeakness"),
    _known("Thoemmes 2013", (13, 14), """
        x [exposure] y [outcome] s2 [adjusted] e0 [latent] e1 [latent] e3 [latent] e4 [latent]
        e0 -> x e1 -> s1 e2 -> { s2 y } e3 -> s3 e4 -> y s1 -> { s2 z } s2 -> { s3 z2 } s3 -> y x -> { s1 y } y -> z3
        """, adjust=""),
    _known("confounding", (5, 7), """
        E [exposure] D [outcome] A -> { E Z } B -> { D Z } E -> D Z -> { D E }
        """, adjust="B Z"),
    _known("mediator", (4, 5), "X [exposure] Y [outcome] I -> Y X -> { I Y } Z -> { I X }", adjust="Z"),
    _known("paths", (17, 19), """
        E [exposure] D [outcome] 1 -> E 2 -> 1 3 -> 2 4 -> 3 5 -> 4 6 -> 5 7 -> { 6 E } 8 -> { 7 D } 9 -> 8 10 -> 9
        11 -> 10 12 -> 11 13 -> 12 14 -> 13 15 -> { 14 D } E -> D
        """, adjust="7"),
    _known("napkin", (4, 5), """
        x [exposure] y [outcome] w -> r r -> x x -> y w <-> { x y }
        """, adjust="w r"),
    _known("front-door", (3, 3), "x [exposure] y [outcome] x -> z z -> y x <-> y", adjust="z"),
    _known("bow", (2, 2), "x [exposure] y [outcome] x -> y x <-> y", NOT_IDENTIFIED),
    _known("instrument", (3, 3), "x [exposure] y [outcome] z -> x x -> y x <-> y", NOT_IDENTIFIED),
)
