"""A client of a table whose replicas are behind."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from tests.permissions import by_nobody

_Key = tuple[str, str]


class Behind:
    """An eventually consistent read shows an item as it was before its last write: once, or ``for_good``. Consistent
    reads and the index show what there is, and so do all reads of items whose sort keys are in ``but``.
    """

    def __init__(self, target: Any, *, for_good: bool = False, but: Collection[str] = ()) -> None:
        self._target = target
        self._for_good = for_good
        self._but = but
        self._before: dict[_Key, dict[str, Any] | None] = {}
        """What is shown of them: None, that there is no such item."""
        self.shown: list[str] = []
        """The sort keys of the items that were shown as they were no more."""

    def put_item(self, **request: Any) -> Any:
        return self._written(
            [request["Item"]], lambda: self._target.put_item(**request), request["TableName"]
        )

    def update_item(self, **request: Any) -> Any:
        return self._written(
            [request["Key"]], lambda: self._target.update_item(**request), request["TableName"]
        )

    def delete_item(self, **request: Any) -> Any:
        return self._written(
            [request["Key"]], lambda: self._target.delete_item(**request), request["TableName"]
        )

    def transact_write_items(self, **request: Any) -> Any:
        puts = [one["Put"] for one in request["TransactItems"]]
        items = [put["Item"] for put in puts]
        return self._written(
            items, lambda: self._target.transact_write_items(**request), puts[0]["TableName"]
        )

    def get_item(self, **request: Any) -> Any:
        answer = self._target.get_item(**request)
        if request.get("ConsistentRead", False) or _key(request["Key"]) not in self._before:
            return answer
        before = self._shown(_key(request["Key"]))
        return {"Item": before} if before else {}

    def batch_get_item(self, **request: Any) -> Any:
        answer = self._target.batch_get_item(**request)
        ((table, asked),) = request["RequestItems"].items()
        if not asked.get("ConsistentRead", False):
            answer["Responses"][table] = self._as_they_were(answer["Responses"].get(table, []))
        return answer

    def query(self, **request: Any) -> Any:
        answer = self._target.query(**request)
        if "IndexName" not in request and not request.get("ConsistentRead", False):
            answer["Items"] = self._as_they_were(answer["Items"])
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def show(self, pk: str, sk: str, item: dict[str, Any] | None) -> None:
        """Have a read show this of an item."""
        self._before[pk, sk] = item

    def _written(self, keys: list[Mapping[str, Any]], write: Callable[[], Any], table: str) -> Any:
        before = {}
        for key in keys:
            named = {name: key[name] for name in ("pk", "sk")}
            with by_nobody():
                answer = self._target.get_item(TableName=table, Key=named, ConsistentRead=True)
            before[_key(key)] = answer.get("Item")
        answer = write()
        self._before |= {key: item for key, item in before.items() if key[1] not in self._but}
        return answer

    def _as_they_were(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        were = [self._shown(_key(item)) if _key(item) in self._before else item for item in items]
        return [item for item in were if item]

    def _shown(self, key: _Key) -> dict[str, Any] | None:
        self.shown.append(key[1])
        return self._before[key] if self._for_good else self._before.pop(key)


def _key(item: Mapping[str, Any]) -> _Key:
    return item["pk"]["S"], item["sk"]["S"]
