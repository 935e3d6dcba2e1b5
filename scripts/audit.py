"""Ask for known vulnerabilities of the packages in constraints.txt, as scripts/test does.

Exit code 1 if there are any. Where advisories cannot be had, as without a network or behind an index that has packages
only, one line says so, with exit code 0. Options go to pip-audit: `scripts/audit.py -s osv` asks another service.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).parents[1] / "constraints.txt"
PATIENCE = 300  # seconds
ACCEPTED: dict[str, str] = {}  # advisories that we live with, such as GHSA-xxxx-xxxx-xxxx, each with the reason
AUDIT = ["-m", "pip_audit", "--requirement", str(FILE), "--no-deps", "--disable-pip", "--progress-spinner", "off",
         "--format", "json", "--desc", "off"]  # fmt: skip
# what pip-audit's last words name where a service does not answer, or with something else
UNREACHABLE = re.compile(r"requests\.exceptions\.|ServiceError|Could not connect|not redirecting|blocking this service")
CANNOT = "Known vulnerabilities were not looked for: no advisories can be had here"


def verdict(code: int, out: str, said: str) -> tuple[int, str]:
    """Return our exit code and what to say, from pip-audit's exit code, its JSON and what it said beside that."""
    try:
        found = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (said.strip().splitlines() or ["it said nothing"])[-1]
        return (0, f"{CANNOT}.") if UNREACHABLE.search(said) else (1, f"pip-audit failed (exit code {code}): {last}")
    asked = [each for each in found if "skip_reason" not in each]
    lines = [
        f"{each['name']} {each['version']}: {flaw['id']}, "
        + (f"fixed in {', '.join(flaw['fix_versions'])}" if flaw["fix_versions"] else "not fixed yet")
        for each in asked
        for flaw in each["vulns"]
    ]
    if lines:
        return 1, "\n".join(["Known vulnerabilities (scripts/update-constraints --upgrade-package NAME):", *lines])
    if not asked:
        return 0, f"{CANNOT}; the index answers for none of {len(found)} packages."
    return 0, f"No known vulnerability in {len(asked)} of {len(found)} packages asked about."


def main(options: list[str]) -> int:
    """Ask, and say what was found."""
    accepted = [part for each in ACCEPTED for part in ("--ignore-vuln", each)]
    try:
        command = [sys.executable, *AUDIT, *accepted, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        print(f"{CANNOT}, not within {PATIENCE} seconds.")
        return 0
    code, said = verdict(done.returncode, done.stdout, done.stderr)
    print(said, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
