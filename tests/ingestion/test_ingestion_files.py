"""Finding files: order, loops, permissions, what is no file; and the size limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything, so no permission is lacking")


def test_folders_are_read_recursively_in_a_fixed_order_without_hidden_entries(tmp_path: Path) -> None:
    for name in ("b/z.md", "b/a.md", "a.md", ".hidden/x.md", "b/.x.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("words")
    found = find_files([tmp_path])
    assert [file.relative_to(tmp_path).as_posix() for file in found.files] == ["a.md", "b/a.md", "b/z.md"]
    assert found.rejected == ()


def test_a_file_given_twice_is_taken_once(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("words")
    (tmp_path / "link.md").symlink_to(file)
    assert find_files([file, tmp_path, file]).files == (file,)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "holds no files"),
        (lambda path: path.symlink_to(path), "leads back to itself"),
        (lambda path: path.symlink_to("nowhere"), "points to nothing"),
        (os.mkfifo, "a pipe"),
    ],
)
def test_what_cannot_be_followed_is_rejected_with_a_sentence(tmp_path: Path, make, words: str) -> None:
    path = tmp_path / "thing"
    make(path)
    found = find_files([path])
    assert found.files == ()
    assert [rejection.path for rejection in found.rejected] == [str(path)]
    assert words in found.rejected[0].reason


def test_a_link_back_to_its_own_folder_ends_there_and_the_rest_goes_through(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/loop").symlink_to(tmp_path)
    (tmp_path / "sub/a.md").write_text("words")
    found = find_files([tmp_path])
    assert found.files == (tmp_path / "sub/a.md",)
    assert "leads back to a folder that contains it" in found.rejected[0].reason


@as_root
def test_a_folder_and_a_file_without_permission_are_refused(tmp_path: Path) -> None:
    folder, file = tmp_path / "closed", tmp_path / "closed.md"
    folder.mkdir(mode=0o000)
    file.write_text("words")
    file.chmod(0o000)
    assert find_files([folder]).rejected[0].reason == "there is no permission to read it"
    with pytest.raises(UnreadableDocument, match="no permission"):
        read_bytes(file)


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as sparse:
        sparse.truncate(300 * 1024 * 1024)
    with pytest.raises(UnreadableDocument, match="314,572,800 bytes; the most that is read is 52,428,800"):
        read_bytes(file)


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"12345")
    assert read_bytes(file, limit=5) == b"12345"
    with pytest.raises(UnreadableDocument, match="5 bytes"):
        read_bytes(file, limit=4)


def test_a_pipe_and_a_folder_are_no_files_and_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableDocument, match="a pipe"):
        read_bytes(tmp_path / "pipe")
    with pytest.raises(UnreadableDocument, match="a folder"):
        read_bytes(tmp_path)
    with pytest.raises(UnreadableDocument, match="character device"):
        read_bytes(Path("/dev/zero"))
    with pytest.raises(UnreadableDocument, match="no such file"):
        read_bytes(tmp_path / "missing")
