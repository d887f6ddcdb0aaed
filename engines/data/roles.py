"""Roles: what a column or attribute is for."""

from enum import StrEnum


class Role(StrEnum):
    """What a column or attribute is for; one a column."""

    FACTOR = "factor"
    ID = "id"
    SPLIT = "split"
    TREATMENT = "treatment"
    OUTCOME = "outcome"
    COVARIATE = "covariate"
    INSTRUMENT = "instrument"
    SENSITIVE = "sensitive attribute"
    DOMAIN = "domain"
    TIME = "time"
    ENVIRONMENT = "environment"
    INTERVENED = "intervened"
    LABEL = "label"
    TRUE_LABEL = "true label"
    OBJECTIVE = "objective"
    WEIGHT = "weight"
    LEFT_OUT = "left out"
