"""``python -m infra.assembly.access_page``: docs/access.md, the matrix of access.yaml as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from infra.admin import ROOT
from infra.assembly.access import FILE, OBJECT_ACTIONS, TABLE_ACTIONS, Access, read_access

PAGE: Final = ROOT / "docs" / "access.md"
_LETTERS: Final[Mapping[str, str]] = {
    "get": "g",
    "get_all": "b",
    "query": "q",
    "put": "P",
    "update": "U",
    "delete": "D",
}

_INTRODUCTION: Final = """\
# Who may touch what

Made of [access.yaml](../access.yaml) by `make access`: change that. The functions' roles are made of it too, so this is
what a deployed function can do to the tenant's data at all; what stands in no cell is refused by AWS, whatever the code
or whoever has taken it over asks for. Secrets, queues, mail and the bus stand with each function in its `stack.yaml`.

- A **leading key** is what a partition key begins with ([data model](data-model.md)); a request for several keys needs
  all of them. What names no key (`Scan`, PartiQL) and what deletes as well as it puts (`BatchWriteItem`) nobody may do.
- A **field** is what a sealed value was sealed as. KMS opens it for who names the tenant, the owner and that field, and
  CloudTrail keeps who did.
- The **key of the table** is used through DynamoDB alone, for this table, and the bucket's through S3 alone: neither
  opens anything that is sealed within.
- **QueueReaders** is every function that reads a queue, besides its own row.
- What a function may *put* it may overwrite: IAM knows the partition key of an item and not its sort key.

[Operations](operations.md#who-may-touch-what) says how it is held, and where.
"""


def page(matrix: Mapping[str, Access]) -> str:
    """The whole page, a line end at its end."""
    return "\n".join([_INTRODUCTION, *_fields(matrix), *_table(matrix), *_lists(matrix), *_objects(matrix)])


def _fields(matrix: Mapping[str, Access]) -> Iterator[str]:
    yield "## Sealed fields\n"
    yield from _rows(["field", "sealed by", "opened by"])
    for field in sorted({one for access in matrix.values() for one in access.opens | access.seals}):
        seals = [name for name, access in matrix.items() if field in access.seals]
        opens = [name for name, access in matrix.items() if field in access.opens]
        yield _row([f"`{field}`", ", ".join(seals), ", ".join(opens) or "nobody"])
    yield ""


def _table(matrix: Mapping[str, Access]) -> Iterator[str]:
    yield "## Leading keys of the table\n"
    yield ", ".join(f"`{letter}` {TABLE_ACTIONS[word]}" for word, letter in _LETTERS.items()) + ".\n"
    known = [name for name, access in matrix.items() if access.table]
    keys = dict.fromkeys(key for name in known for key in matrix[name].table)
    yield from _rows(["", *(f"`{key}`" for key in keys)])
    for name in known:
        cells = [_letters(matrix[name].table.get(key, frozenset())) for key in keys]
        yield _row([name, *cells])
    yield ""


def _lists(matrix: Mapping[str, Access]) -> Iterator[str]:
    yield "## Lists of the index\n"
    yield from _rows(["", "may query"])
    for name, access in matrix.items():
        if access.lists:
            yield _row([name, _quoted(sorted(access.lists))])
    yield ""


def _objects(matrix: Mapping[str, Access]) -> Iterator[str]:
    yield "## Objects of the bucket\n"
    yield "A signed URL carries its signer's permissions. *Missing*: `ListBucket`, to be told that nothing is there.\n"
    words = [*OBJECT_ACTIONS]
    yield from _rows(["", *(f"{OBJECT_ACTIONS[word][0].removeprefix('s3:')}" for word in words), "missing"])
    for name, access in matrix.items():
        if access.objects:
            by_word = [[key for key, said in access.objects.items() if word in said] for word in words]
            yield _row([name, *map(_quoted, by_word), "yes" if access.misses else ""])


def _letters(words: frozenset[str]) -> str:
    return "".join(letter for word, letter in _LETTERS.items() if word in words)


def _quoted(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _rows(head: list[str]) -> Iterator[str]:
    yield _row(head)
    yield _row(["---"] * len(head))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(root: Path = ROOT) -> None:
    """Write the page of the matrix in ``root``."""
    PAGE.write_text(page(read_access(root)) + "\n")


if __name__ == "__main__":
    write()
    print(f"{PAGE.relative_to(ROOT)}: {len(read_access(ROOT))} functions of {FILE}")
