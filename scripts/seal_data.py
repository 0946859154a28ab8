"""Seal the embedded data: write its list of checksums, and the list's own checksum into the code.

python scripts/seal_data.py            # after the data was built anew
python scripts/seal_data.py --check    # leave with 1 where it is not sealed as it stands
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

WORLD = Path(__file__).resolve().parent.parent / "src" / "multialign" / "world"
LIST, CODE = WORLD / "data" / "SHA256SUMS", WORLD / "seal.py"


def made() -> tuple[str, str]:
    """The list, and the code with its checksum."""
    files = sorted(p for p in (WORLD / "data").iterdir() if p.is_file() and p != LIST)
    text = "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in files)
    seal = f'SEAL = "{hashlib.sha256(text.encode()).hexdigest()}"'
    code = re.sub(r"^SEAL = .*$", seal, CODE.read_text(encoding="utf-8"), flags=re.M)
    return text, code


def main() -> None:
    """Seal, or look whether it is."""
    text, code = made()
    if "--check" in sys.argv:
        sealed = LIST.exists() and LIST.read_text(encoding="utf-8") == text and CODE.read_text(encoding="utf-8") == code
        sys.exit(0 if sealed else "the data is not sealed as it stands; run scripts/seal_data.py")
    LIST.write_text(text, encoding="utf-8")
    CODE.write_text(code, encoding="utf-8")
    print(f"{len(text.splitlines())} files sealed")


if __name__ == "__main__":
    main()
