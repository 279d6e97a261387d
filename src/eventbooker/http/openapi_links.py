"""Links in the API's document: from an answer to the calls that take the ids in it."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, get_args

from pydantic import BaseModel

from eventbooker.http.openapi_parameters import PARAMETER
from eventbooker.http.route import Route

Json = dict[str, Any]

Ids = dict[str, str]
"""Where ids are found (runtime expressions of OpenAPI), by what paths call them."""


def operation_id(route: Route) -> str:
    """The view's name, `events.create`; for one of several routes that share a view the path, `pages.js`."""
    if isinstance(route.view, partial):
        return ".".join([module_of(route), *(re.findall(r"\w+", PARAMETER.sub("", route.path)) or ["index"])])
    return f"{module_of(route)}.{route.view.__name__}"


def module_of(route: Route) -> str:
    """The module of the view, by which the document groups its operations."""
    view: Any = route.view
    module: str = (view.func if isinstance(view, partial) else view).__module__
    return module.rpartition(".")[2]


def members(answer: Any) -> Iterable[str]:
    """The names of an answer's members, if it is an object."""
    return answer.model_fields if isinstance(answer, type) and issubclass(answer, BaseModel) else ()


def links(route: Route, answer: Any, routes: tuple[Route, ...]) -> Json:
    """To all calls about what is answered, or about the first of a list; of what it names besides (a booking's
    `event_id`) to those that read."""
    own, named = _ids(answer)
    in_path = {name: f"$request.path.{name}" for name in _parameters(route)}
    found: Json = {}
    for other in routes:
        names = _parameters(other)
        known = own | (named if other.method == "GET" else {})
        given = {name: place for name in names if (place := _find(name, known) or in_path.get(name))}
        if other is not route and names and given.keys() == set(names) and any(_find(name, known) for name in names):
            found[operation_id(other)] = {"operationId": operation_id(other), "parameters": given}
    return found


def _parameters(route: Route) -> list[str]:
    return [match["name"] for match in PARAMETER.finditer(route.path)]


def _find(name: str, ids: Ids) -> str | None:
    """A waiting list entry's id is the `entry_id` of a path."""
    return next((place for known, place in ids.items() if f"_{known}".endswith(f"_{name}")), None)


def _ids(answer: Any) -> tuple[Ids, Ids]:
    """Those of what is answered, and those that it names besides."""
    own: Ids = {}
    named: Ids = {}
    for model, place in _models(answer, "$response.body#"):
        for name in model.model_fields:
            if name == "id":
                own.setdefault(_name_of_id(model), f"{place}/id")
            elif name.endswith("_id"):
                named.setdefault(name, f"{place}/{name}")
    return own, {name: place for name, place in named.items() if name not in own}


def _models(answer: Any, place: str) -> Iterator[tuple[type[BaseModel], str]]:
    """The models that an answer is made of and where they are in it: of a list the first item."""
    if isinstance(answer, type) and issubclass(answer, BaseModel):
        yield answer, place
        for name, field in answer.model_fields.items():
            yield from _models(field.annotation, f"{place}/{name}")
    else:
        for part in get_args(answer):
            yield from _models(part, f"{place}/0" if getattr(answer, "__origin__", None) is list else place)


def _name_of_id(model: type[BaseModel]) -> str:
    """How paths call the id of what is answered: a NewlyMadeBooking is a booking."""
    named = next(base for base in reversed(model.__mro__) if "id" in getattr(base, "model_fields", {}))
    return re.sub(r"(?<!^)(?=[A-Z])", "_", named.__name__).lower() + "_id"
