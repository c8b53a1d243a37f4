"""What `make audit` makes of what the tools say."""

from typing import Any

import pytest

from tests.audit import BANDIT, _report, of_code, of_packages


def _package(name: str, *vulnerabilities: str) -> dict[str, Any]:
    vulns = [{"id": one, "fix_versions": ["2.0"]} for one in vulnerabilities]
    return {"name": name, "version": "1.0", "vulns": vulns}


@pytest.mark.long
def test_the_code_has_no_serious_finding() -> None:
    lines, fine = of_code(_report(BANDIT))
    assert fine, lines
    assert lines[0].startswith("bandit: 0 high")


def test_a_serious_finding_in_the_code_fails() -> None:
    finding = {
        "filename": "orion/app.py",
        "line_number": 7,
        "test_id": "B602",
        "issue_text": "shell",
        "issue_severity": "HIGH",
    }
    lines, fine = of_code({"errors": [], "results": [finding, finding | {"issue_severity": "LOW"}]})
    assert not fine
    assert lines == ["bandit: 1 high, 0 medium, 1 low", "  orion/app.py:7: B602 shell"]


def test_code_that_cannot_be_read_fails() -> None:
    assert not of_code(None)[1]
    assert not of_code({"errors": [{"reason": "syntax error"}], "results": []})[1]


def test_a_known_vulnerability_fails() -> None:
    lines, fine = of_packages({"dependencies": [_package("good"), _package("bad", "PYSEC-1")]})
    assert not fine
    assert lines[1] == "  bad 1.0: PYSEC-1, mended in 2.0"


def test_packages_that_nobody_can_be_asked_about_are_counted_and_do_not_fail() -> None:
    skipped = {"name": "odd", "skip_reason": "not found"}
    lines, fine = of_packages({"dependencies": [_package("good"), skipped]})
    assert fine
    assert lines == [
        "pip-audit: 1 of 2 packages looked up, 0 vulnerabilities",
        "  nothing is known of 1: the service did not answer for them",
    ]
    lines, fine = of_packages(None)
    assert fine and "nothing is known" in lines[0]
