"""Archives of artifacts: names that mislead, what swells, lies, or is cut, each refused with its sentence."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.gates import artifact_files
from pipelines.gates.artifact import InvalidArtifact
from pipelines.gates.artifact_files import read_artifact
from tests.gates.packed_artifacts import DATA, GOOD, MANIFEST, SHA, as_tar, as_zip, plain, refusal

NAMES = [
    ("../check.py", "has a part that is empty, '.' or '..'"),
    ("data/../../x", "has a part that is empty, '.' or '..'"),
    ("/etc/passwd", "absolute or has a backslash"),
    ("C:\\x", "absolute or has a backslash"),
    ("data//x", "has a part that is empty"),
    ("data/./x", "has a part that is empty"),
    ("a\u202eb", "holds a control or unseen character"),
    ("a\x1bb", "holds a control or unseen character"),
    ("CHECK.py", "differ in spelling only"),
    ("DATA/x", "differ in spelling only"),
    ("1/2/3/4/5/6/7/8/9", "more than 8 levels deep"),
    ("check.py/x", "is a file and a folder at once"),
    ("x" * 241, "longer than 240 bytes"),
]


@pytest.mark.parametrize(("name", "words"), NAMES)
@pytest.mark.parametrize("make", [as_zip, as_tar], ids=["zip", "tar"])
def test_names_that_lead_out_or_mislead_are_refused_in_archives(
    tmp_path: Path, make: Callable[[Path, dict[str, bytes]], Path], name: str, words: str
) -> None:
    path = tmp_path / ("a.zip" if make is as_zip else "a.tar")
    assert words in refusal(make(path, {**GOOD, name: b""}))


def test_a_nul_in_a_name_of_a_zip_is_refused_and_does_not_end_the_name(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", {**GOOD, "check.pyXodd": b""})
    path.write_bytes(path.read_bytes().replace(b"check.pyXodd", b"check.py\0odd"))
    assert "holds a control or unseen character" in refusal(path)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "'odd' is a link"),
        (tarfile.LNKTYPE, "'odd' is a link"),
        (tarfile.CHRTYPE, "'odd' is a device"),
        (tarfile.BLKTYPE, "'odd' is a device"),
        (tarfile.FIFOTYPE, "'odd' is a device, a pipe"),
        (tarfile.GNUTYPE_SPARSE, "'odd' is a device, a pipe or a sparse file"),
        (b"Z", "'odd' is a device, a pipe"),
    ],
)
def test_only_plain_files_are_taken_from_a_tar(tmp_path: Path, kind: bytes, words: str) -> None:
    with tarfile.open(as_tar(tmp_path / "a.tar", GOOD), "a") as archive:
        odd = tarfile.TarInfo("odd")
        odd.type, odd.linkname = kind, "check.py"
        archive.addfile(odd)
    assert words in refusal(tmp_path / "a.tar")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_only_plain_files_are_taken_from_a_zip(tmp_path: Path, kind: int) -> None:
    with zipfile.ZipFile(as_zip(tmp_path / "a.zip", GOOD), "a") as archive:
        odd = zipfile.ZipInfo("odd")
        odd.create_system, odd.external_attr = 3, (kind | 0o644) << 16
        archive.writestr(odd, "check.py")
    assert "only plain files are taken" in refusal(tmp_path / "a.zip")


def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("check.py", b"print(1)")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("check.py", b"print(2)")
    with tarfile.open(tmp_path / "a.tar", "w") as packed:
        for data in (b"print(1)", b"print(2)"):
            packed.addfile(plain("check.py", data), io.BytesIO(data))
    assert "'check.py' is there twice" in refusal(tmp_path / "a.zip")
    assert "'check.py' is there twice" in refusal(tmp_path / "a.tar")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", GOOD)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 0x1
    path.write_bytes(data)
    assert "is encrypted" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_by_a_method_that_needs_much_memory_is_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("artifact.toml", MANIFEST)
    assert "a method other than deflate" in refusal(tmp_path / "a.zip")


def test_archives_that_swell_are_refused_after_reading_no_more_than_the_bounds(tmp_path: Path) -> None:
    big = as_zip(tmp_path / "one.zip", {**GOOD, "big": bytes(17 << 20)})
    many = as_zip(tmp_path / "many.zip", {**GOOD, **{f"{n}": bytes(15 << 20) for n in range(5)}})
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(bytes(69 << 20), 1))
    assert all(path.stat().st_size < 1 << 20 for path in (big, many, tmp_path / "a.tar.gz"))
    assert "'big' is larger than 16 MB" in refusal(big)
    assert "larger than 64 MB in all" in refusal(many)
    assert "larger than 68 MB, packed or unpacked" in refusal(tmp_path / "a.tar.gz")


@pytest.mark.parametrize("stated", [1, (16 << 20) - 1])
def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path, stated: int) -> None:
    path = as_zip(tmp_path / "a.zip", {**GOOD, "big": bytes(17 << 20)})
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")  # the last entry is that of the big file
    struct.pack_into("<L", data, entry + 24, stated)
    path.write_bytes(data)
    assert "is damaged" in refusal(path)


def test_a_zip_with_very_many_entries_is_refused_before_its_list_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_zip(tmp_path / "a.zip", {f"{n}": b"" for n in range(900)})

    def never(*_: object) -> None:
        raise AssertionError("the list was read")

    monkeypatch.setattr(artifact_files.zipfile, "ZipFile", never)
    assert "lists more than 400 files and folders" in refusal(path)


def test_a_tar_with_very_many_members_is_read_no_further_than_the_bound(tmp_path: Path) -> None:
    assert "more than 200 files" in refusal(as_tar(tmp_path / "a.tar", {f"{n}": b"" for n in range(5000)}))


def test_a_tar_whose_long_headers_follow_each_other_without_end_is_refused(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 0
    (tmp_path / "a.tar").write_bytes(header.tobuf() * 20_000)
    assert "is damaged" in refusal(tmp_path / "a.tar")


def test_a_sparse_member_is_refused_whatever_size_it_states(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        odd = plain("odd", b"x" * 512)
        odd.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.map": "0,512",
            "GNU.sparse.realsize": str(1 << 40),
        }
        archive.addfile(odd, io.BytesIO(b"x" * 512))
    assert "a sparse file" in refusal(tmp_path / "a.tar")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_an_archive_that_is_cut_or_altered_anywhere_is_refused_with_a_sentence_or_read_as_it_was(
    tmp_path: Path, name: str
) -> None:
    whole = (as_zip if name == "a.zip" else as_tar)(tmp_path / name, GOOD).read_bytes()
    spoiled = [whole[:end] for end in range(0, len(whole), max(1, len(whole) // 60))]
    spoiled += [whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :] for place in range(0, len(whole), 13)]
    for data in spoiled:
        (tmp_path / name).write_bytes(data)
        with suppress(InvalidArtifact):  # nothing else may come out
            artifact = read_artifact(tmp_path / name)
            assert artifact.manifest.inputs[0].sha256 == SHA
            assert artifact.files["data/yields.csv"] == DATA
