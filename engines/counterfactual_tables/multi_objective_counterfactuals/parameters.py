"""Settings of the search for counterfactuals of several objectives."""

from engines.contract import MethodParameters, parameter


class Parameters(MethodParameters):
    """Settings; weights are no part of them: they are moved afterwards, without searching again."""

    row: int = parameter(
        0, ge=0, title="Row", help="Row id of the factual; 0 takes the first row that does not meet the targets.")
    targets: str = parameter(
        "", help="What must be reached, such as: price 20..30; class prefers good; minimise cost; home like a quiet "
                 "place. Empty: a suggestion.")
    limits: str = parameter(
        "", help="What columns must keep to, such as: age locked; income up; income 10..40; job in clerk, nurse.")
    generations: int = parameter(50, ge=1, le=10_000, unit="generations", help="How long to search.")
    population: int = parameter(100, ge=4, le=5_000, unit="candidates", help="Candidates in each generation.")
    embedding: str = parameter(
        "", advanced=True, help="Folder of an encoder (ONNX) that tells how alike texts or pictures are, for “like”.")
    start_from_data: bool = parameter(
        True, advanced=True, help="Begin with the rows of the data that the limits allow; else with drawn ones.")
    compared: int = parameter(
        25_000, ge=100, le=200_000, unit="candidates", advanced=True,
        help="Candidates, the best by score, that enter the choice of a diverse set.")


STANDARD = Parameters()
THOROUGH = Parameters(generations=150, population=200)
