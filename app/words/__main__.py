"""`make words`: the catalogue in step with the code, and what each language still lacks."""

from __future__ import annotations

from app.words.extract import untranslated, update
from app.words.files import open_po, po_files


def main() -> None:
    for path in update():
        print(f"Written: {path.name}")
    for path in po_files():
        missing = untranslated(open_po(path))
        print(f"{path.name}: {len(missing)} to translate" if missing else f"{path.name}: complete")


if __name__ == "__main__":
    main()
