"""What Lambda workers share on the embedded stack."""

import tempfile
import zipfile
from pathlib import Path

import pytest

from infra.local.unpacking import SharedZip


def _unpacked(worker: Path, content: str) -> Path:
    """As MiniStack does it for one worker."""
    layer = worker / "layer_0"
    layer.mkdir(parents=True)
    with zipfile.ZipFile(worker / "layer_0.zip", "w") as made:
        made.writestr(zipfile.ZipInfo("python/one.py"), content)
    with SharedZip(worker / "layer_0.zip") as zipped:
        assert set(zipped.namelist()) <= {"python/one.py"}
        zipped.extractall(layer)
    return layer


def test_the_same_content_is_unpacked_once_and_each_worker_finds_it_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one, same, other = (
        _unpacked(tmp_path / name, content) for name, content in (("a", "1"), ("b", "1"), ("c", "2"))
    )
    assert [(layer / "python" / "one.py").read_text() for layer in (one, same, other)] == ["1", "1", "2"]
    assert one.resolve() == same.resolve() != other.resolve()
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["layer_0"]


def test_names_are_looked_through_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MiniStack does that by ``namelist``."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    archive = tmp_path / "new.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("../elsewhere", "")
    with SharedZip(archive) as zipped:
        assert zipped.namelist() == ["../elsewhere"]
