"""Ways to depend on a file that is opened."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import h5py
import numpy as np
from ways import Way, both, fixed, gone, later, packed, put, text, zipped


def _tar(target: Path, number: int) -> None:
    put(target.with_name("member.txt"), str(number))
    with tarfile.open(target, "w") as archive:
        archive.add(target.with_name("member.txt"), "member.txt")
    target.with_name("member.txt").unlink()


def _database(target: Path, number: int) -> None:
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as connection:
        connection.execute("create table sizes (n integer)")
        connection.execute("insert into sizes values (?)", [number])
    connection.close()


def _hdf5(target: Path, number: int) -> None:
    with h5py.File(target, "w") as file:
        file["n"] = number


def _retarget(folder: Path, number: int) -> None:
    put(folder / str(number), str(number))
    (folder / "link").unlink(missing_ok=True)
    (folder / "link").symlink_to(str(number))


def _retarget_folder(folder: Path, number: int) -> None:
    put(folder / f"v{number}/n.txt", str(number))
    (folder / "current").unlink(missing_ok=True)
    (folder / "current").symlink_to(f"v{number}")


def _replace(folder: Path, number: int) -> None:
    put(folder / "new", str(number))
    os.replace(folder / "new", folder / "n.txt")


def saved_config(number: int) -> str:
    """The description of a saved model."""
    shape = {"batch_shape": [None, 4], "name": "input"}
    layers = [{"class_name": "InputLayer", "module": "keras.layers", "config": shape}]
    for index in range(number):
        config = {"units": 3, "name": f"dense_{index}"}
        layers.append({"class_name": "Dense", "module": "keras.layers", "config": config})
    model = {"name": "saved", "layers": layers}
    return json.dumps({"class_name": "Sequential", "module": "keras", "config": model})


def _keras_file(target: Path, number: int) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("config.json", saved_config(number))


def _hdf5_model(target: Path, number: int) -> None:
    with h5py.File(target, "w") as file:
        file.attrs["model_config"] = saved_config(number)


N = text("n.txt")
ABSENT = later("../absent.txt")
ISFILE = "from os.path import isfile"
READ = "return net(int({}))"

OPENED = [
    Way("open", READ.format("open(HERE / 'n.txt').read()"), N),
    Way("io_open", READ.format("io.open(HERE / 'n.txt').read()"), N, "import io"),
    Way("open_code", READ.format("io.open_code(str(HERE / 'n.txt')).read()"), N, "import io"),
    Way("file_io", READ.format("io.FileIO(str(HERE / 'n.txt')).read()"), N, "import io"),
    Way("os_open", READ.format("os.read(os.open(HERE / 'n.txt', os.O_RDONLY), 9)"), N),
    Way("codecs", READ.format("codecs.open(str(HERE / 'n.txt')).read()"), N, "import codecs"),
    Way("read_text", READ.format("(HERE / 'n.txt').read_text()"), N),
    Way("read_bytes", READ.format("(HERE / 'n.txt').read_bytes()"), N),
    Way("path_open", READ.format("(HERE / 'n.txt').open().read()"), N),
    Way("open_both", READ.format("open(HERE / 'n.txt', 'r+').read()"), N),
    Way("append", "f = open(HERE / 'n.txt', 'a+'); f.seek(0); return net(int(f.read()))", N),
    Way("os_open_both", READ.format("os.read(os.open(HERE / 'n.txt', os.O_RDWR), 9)"), N),
    Way(
        "mapped",
        "with open(HERE / 'n.txt', 'rb') as f: return net(int(mmap.mmap(f.fileno(), 0, "
        "access=mmap.ACCESS_READ)[:]))",
        N,
        "import mmap",
    ),
    Way("input", "return net(int(next(fileinput.input(HERE / 'n.txt'))))", N, "import fileinput"),
    Way(
        "linecache",
        READ.format("linecache.getline(str(HERE / 'n.txt'), 1)"),
        N,
        "import linecache",
    ),
    Way(
        "linecache_again",
        READ.format("linecache.getline(str(HERE.parent / 'linecache/n.txt'), 1)"),
        both(),
        "import linecache",
    ),
    Way("tokenize", READ.format("tokenize.open(HERE / 'n.txt').read()"), N, "import tokenize"),
    Way(
        "copied",
        "copy = shutil.copy(HERE / 'n.txt', tempfile.mkdtemp())\n"
        "return net(int(open(copy).read()))",
        N,
        "import shutil, tempfile",
    ),
    Way("relative", "os.chdir(HERE); return net(int(open('n.txt').read()))", N),
    Way("base", "return net(int(open('base/n.txt').read()))", N),
    Way("at_import", "return net(NUMBER)", N, "NUMBER = int((HERE / 'n.txt').read_text())"),
    Way(
        "elsewhere",
        "return net(reading_elsewhere.read(HERE / 'n.txt'))",
        both(N, fixed("../reading_elsewhere.py", "def read(path): return int(open(path).read())")),
        "import reading_elsewhere",
    ),
    Way("kwargs", READ.format("open(path).read()"), N, more={"kwargs": {"path": "kwargs/n.txt"}}),
    Way(
        "thread",
        "with ThreadPoolExecutor() as pool: return net(int(pool.submit((HERE / 'n.txt')"
        ".read_text).result()))",
        N,
        "from concurrent.futures import ThreadPoolExecutor",
    ),
    Way("link", READ.format("(HERE / 'link').read_text()"), _retarget),
    Way("link_to_folder", READ.format("(HERE / 'current/n.txt').read_text()"), _retarget_folder),
    Way(
        "own_link",
        "link = Path(tempfile.mkdtemp(), 'l'); link.symlink_to(HERE / 'n.txt')\n"
        "return net(int(link.read_text()))",
        N,
        "import tempfile",
    ),
    Way(
        "own_link_to_folder",
        "link = Path(tempfile.mkdtemp(), 'l'); link.symlink_to(HERE)\n"
        "return net(int((link / 'n.txt').read_text()))",
        N,
        "import tempfile",
    ),
    Way("replaced", READ.format("(HERE / 'n.txt').read_text()"), _replace),
    Way(
        "appears",
        "try: return net(int((HERE / 'n.txt').read_text()))\n"
        "except FileNotFoundError: return net(2)",
        later("n.txt"),
    ),
    Way(
        "disappears",
        "try: return net(int((HERE / 'n.txt').read_text()))\n"
        "except FileNotFoundError: return net(5)",
        gone("n.txt", "2"),
    ),
    Way(
        "exists",
        "path = HERE / 'n.txt'; return net(int(path.read_text()) if path.exists() else 2)",
        later("n.txt"),
    ),
    Way("is_file", "return net(5 if (HERE / 'n.txt').is_file() else 2)", later("n.txt")),
    Way("is_dir", "return net(5 if (HERE / 'd').is_dir() else 2)", later("d/n.txt")),
    Way("path_exists", "return net(5 if os.path.exists(HERE / 'n.txt') else 2)", later("n.txt")),
    Way("path_isfile", "return net(5 if isfile(HERE / 'n.txt') else 2)", later("n.txt"), ISFILE),
    Way("path_isdir", "return net(5 if os.path.isdir(HERE / 'd') else 2)", later("d/n.txt")),
    Way("lexists", "return net(5 if os.path.lexists(HERE / 'n.txt') else 2)", later("n.txt")),
    Way(
        "glob_in_folders",
        "return net(2 + 3 * len(glob.glob(f'{HERE}/*/n.txt')))",
        both(fixed("d/other.txt"), later("d/n.txt")),
        "import glob",
    ),
    Way(
        "path_glob_in_folders",
        "return net(2 + 3 * len(list(HERE.glob('*/n.txt'))))",
        both(fixed("d/other.txt"), later("d/n.txt")),
    ),
    Way("exists_at_base", "return net(5 if os.path.exists('absent.txt') else 2)", ABSENT),
    Way(
        "in_a_folder_that_is_there",
        "os.makedirs(HERE / 'd', exist_ok=True); return net(int((HERE / 'd/n.txt').read_text()))",
        text("d/n.txt"),
    ),
    Way(
        "beside_a_temporary_file",
        "tempfile.TemporaryFile(dir=HERE).close(); tempfile.NamedTemporaryFile(dir=HERE).close()\n"
        "return net(int((HERE / 'n.txt').read_text()))",
        N,
        "import tempfile",
    ),
    Way(
        "folder_named_site_packages",
        READ.format("(HERE / 'site-packages/n.txt').read_text()"),
        text("site-packages/n.txt"),
    ),
]

FORMATS = [
    Way("json", "return net(json.load(open(HERE / 'n.txt')))", N, "import json"),
    Way("yaml", "return net(yaml.safe_load(open(HERE / 'n.txt')))", N, "import yaml"),
    Way(
        "pickle",
        "return net(pickle.load(open(HERE / 'n.pickle', 'rb')))",
        packed("n.pickle", lambda path, number: put(path, pickle.dumps(number))),
        "import pickle",
    ),
    Way(
        "toml",
        "return net(tomllib.load(open(HERE / 'n.toml', 'rb'))['n'])",
        text("n.toml", "n = {n}"),
        "import tomllib",
    ),
    Way(
        "ini",
        "c = configparser.ConfigParser(); c.read(HERE / 'n.ini'); return net(c.getint('a', 'n'))",
        text("n.ini", "[a]\nn = {n}"),
        "import configparser",
    ),
    Way("csv", "return net(int(next(csv.reader(open(HERE / 'n.txt')))[0]))", N, "import csv"),
    Way(
        "xml",
        "return net(int(ElementTree.parse(HERE / 'n.xml').getroot().text))",
        text("n.xml", "<n>{n}</n>"),
        "from xml.etree import ElementTree",
    ),
    Way(
        "gzip",
        READ.format("gzip.open(HERE / 'n.gz').read()"),
        packed("n.gz", lambda path, number: put(path, gzip.compress(str(number).encode()))),
        "import gzip",
    ),
    Way(
        "zip",
        READ.format("zipfile.ZipFile(HERE / 'n.zip').read('n.txt')"),
        zipped("n.zip", {"n.txt": "{n}"}),
        "import zipfile",
    ),
    Way(
        "tar",
        READ.format("tarfile.open(HERE / 'n.tar').extractfile('member.txt').read()"),
        packed("n.tar", _tar),
        "import tarfile",
    ),
    Way(
        "database",
        "c = sqlite3.connect(HERE / 'n.db'); (n,), = c.execute('select n from sizes')\n"
        "c.close(); return net(n)",
        packed("n.db", _database),
        "import sqlite3",
    ),
    Way(
        "database_by_address",
        "c = sqlite3.connect(f'file:{HERE}/n.db?mode=ro', uri=True)\n"
        "(n,), = c.execute('select n from sizes'); c.close(); return net(n)",
        packed("n.db", _database),
        "import sqlite3",
    ),
    Way("loadtxt", READ.format("np.loadtxt(HERE / 'n.txt')"), N, "import numpy as np"),
    Way(
        "load",
        READ.format("np.load(HERE / 'n.npy')"),
        packed("n.npy", np.save),
        "import numpy as np",
    ),
    Way(
        "load_mapped",
        READ.format("np.load(HERE / 'n.npy', mmap_mode='r')[0]"),
        packed("n.npy", lambda path, number: np.save(path, [number])),
        "import numpy as np",
    ),
    Way(
        "memmap",
        READ.format("np.memmap(HERE / 'n.bin', 'int64', 'r')[0]"),
        packed("n.bin", lambda path, number: put(path, np.int64(number).tobytes())),
        "import numpy as np",
    ),
    Way(
        "fromfile",
        READ.format("np.fromfile(HERE / 'n.bin', 'int64')[0]"),
        packed("n.bin", lambda path, number: put(path, np.int64(number).tobytes())),
        "import numpy as np",
    ),
    Way(
        "hdf5_opened",
        "with open(HERE / 'n.h5', 'rb') as f: return net(int(h5py.File(f)['n'][()]))",
        packed("n.h5", _hdf5),
        "import h5py",
    ),
]

SAVED = [
    Way(
        "saved_keras",
        "",
        packed("net.keras", _keras_file),
        more={"target": "saved_keras/net.keras"},
    ),
    Way("saved_h5", "", packed("net.h5", _hdf5_model), more={"target": "saved_h5/net.h5"}),
    Way(
        "loaded",
        "return keras.models.model_from_json((HERE / 'net.json').read_text())",
        packed("net.json", lambda path, number: put(path, saved_config(number))),
        "import keras",
    ),
    Way(
        "page",
        "",
        text("n.txt"),
        more={"code": "from net import net\nmodel = net(int(open('page/n.txt').read()))"},
    ),
]
"""Targets that are files, and a page's own code."""

FILES = [*OPENED, *FORMATS, *SAVED]
