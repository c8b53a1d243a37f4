"""Looks for known faults: bandit reads the code, pip-audit asks after the packages of requirements.lock.

    python -m tests.audit

Fails on findings: a serious one in the code, or a package with a known vulnerability. Where nobody can be
asked about packages, it says so and does not fail: nothing is known then, neither good nor bad.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BANDIT = ["bandit", "-q", "-r", "orion", "modules", "deploy", "-c", "bandit.yaml", "-f", "json"]
PACKAGES = ["pip_audit", "-r", "requirements.lock", "--disable-pip", "--require-hashes"]
QUIETLY = ["--progress-spinner", "off", "-f", "json", "--timeout", "15"]
#: Seconds for each.
PATIENCE = 300

Verdict = tuple[list[str], bool]


def main() -> int:
    """Print what was found; 1 when it must be mended."""
    found = [of_code(_report(BANDIT)), of_packages(_report([*PACKAGES, *QUIETLY]))]
    for lines, _fine in found:
        print("\n".join(lines))
    return 0 if all(fine for _lines, fine in found) else 1


def of_code(report: Mapping[str, Any] | None) -> Verdict:
    """What bandit's report says: fine without anything of high severity, and with every file read."""
    if report is None or report["errors"]:
        return ["bandit: the code could not be read"], False
    results = report["results"]
    counts = Counter(result["issue_severity"] for result in results)
    summary = ", ".join(f"{counts[severity]} {severity.lower()}" for severity in ("HIGH", "MEDIUM", "LOW"))
    high = [
        f"  {r['filename']}:{r['line_number']}: {r['test_id']} {r['issue_text']}"
        for r in results
        if r["issue_severity"] == "HIGH"
    ]
    return [f"bandit: {summary}", *high], not high


def of_packages(report: Mapping[str, Any] | None) -> Verdict:
    """What pip-audit's report says: fine without a known vulnerability."""
    if report is None:
        return ["pip-audit: the service that knows vulnerabilities can't be reached; nothing is known"], True
    packages = report["dependencies"]
    asked = [package for package in packages if "skip_reason" not in package]
    known = [
        f"  {package['name']} {package['version']}: {vulnerability['id']}, mended in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in asked
        for vulnerability in package["vulns"]
    ]
    lines = [f"pip-audit: {len(asked)} of {len(packages)} packages looked up, {len(known)} vulnerabilities"]
    if len(asked) < len(packages):
        lines.append(
            f"  nothing is known of {len(packages) - len(asked)}: the service did not answer for them"
        )
    return [*lines, *known], not known


def _report(command: list[str]) -> Any:
    """The JSON that a tool prints, or None when it prints none."""
    run = [sys.executable, "-m", *command]
    try:
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        return None


if __name__ == "__main__":
    sys.exit(main())
