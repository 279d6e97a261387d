"""Failures that schemathesis reports and that are none, each with the reason."""

from typing import Any

from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.openapi.checks import RejectedPositiveData

ABOUT_THE_FORM = {
    "invalid_json",
    "invalid_request",
    "bad_request",
    "not_found",
    "unsupported_media_type",
    "too_large",
    "method_not_allowed",
}
"""Codes of refusals of what does not fit the document. Whatever fits must never meet one."""


def is_failure(context: Any, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Whether it counts; a hook of schemathesis."""
    return not _is_refused_for_its_meaning(failure, response) and not _is_text_in_any_case(failure, case)


def _is_refused_for_its_meaning(failure: Failure, response: Response) -> bool:
    """A schema says what is well formed, not that an event closes before it opens, which keys were used before, or
    which version is the newest: such requests fit the document and are refused with a code of their own."""
    return isinstance(failure, RejectedPositiveData) and response.json()["code"] not in ABOUT_THE_FORM


def _is_text_in_any_case(failure: Failure, case: Case[Any]) -> bool:
    """A body that is a file (`text/calendar`) is a text whatever stands in it: a number is sent as its digits."""
    if not isinstance(failure, AcceptedNegativeData) or case.meta is None:
        return False
    wrong = [location for location in ParameterLocation if case.meta.is_negative_at(location)]
    return wrong == [ParameterLocation.BODY] and str(case.media_type).startswith("text/")
