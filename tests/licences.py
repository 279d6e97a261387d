"""Under which licences everything comes that EventBooker needs at runtime: `python -m tests.licences` prints them."""

import re
import sys
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement

ALLOWED = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "LGPL-3.0-only",  # psycopg, which stays a library of its own
    "MIT",
    "MIT-0",
    "MPL-2.0",  # certifi: a list of certificates, passed on as it is
    "PSF-2.0",
}

AS_PACKAGES_WRITE = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",  # so those that say no more than that have it in their files
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What packages say that name no SPDX licence, as one."""


def at_runtime(root: str = "eventbooker") -> dict[str, Distribution]:
    """The package and all that it requires on this machine, those that these require, and so on, by name."""
    found: dict[str, Distribution] = {}
    waiting = [(root, extra) for extra in ("", *(distribution(root).metadata.get_all("Provides-Extra") or ()))]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        package = found.setdefault(name, distribution(name))
        for requirement in map(Requirement, package.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                needed = {(_normal(requirement.name), each) for each in ("", *requirement.extras)}
                waiting += needed - seen
                seen |= needed
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """As an SPDX expression where the package says something that we know, else as it says it."""
    for field in ("License-Expression", "License"):
        for said in package.metadata.get_all(field) or []:
            return AS_PACKAGES_WRITE.get(said, str(said))
    classifiers = package.metadata.get_all("Classifier") or []
    named = (each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::"))
    return " AND ".join(AS_PACKAGES_WRITE.get(said, said) for said in named)


def is_allowed(expression: str) -> bool:
    """Without brackets, which none of ours has: AND binds closer than OR."""
    return any(all(each in ALLOWED for each in one.split(" AND ")) for one in expression.split(" OR "))


def main() -> None:
    refused = False
    for name, package in at_runtime().items():
        said = licence(package)
        allowed = is_allowed(said)
        refused |= not allowed
        print(f"{name:24} {package.version:12} {said or 'unknown'}{'' if allowed else '   NOT ALLOWED'}")
    if refused:
        sys.exit("A licence is unknown or not allowed; tests/licences.py has those that are.")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
