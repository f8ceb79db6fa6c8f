"""Ways to depend on what surrounds the code, or has to be named; and what nothing depends on."""

from __future__ import annotations

from pathlib import Path

from ways import (
    BEFORE,
    Way,
    both,
    count,
    fixed,
    gone,
    installed,
    later,
    put,
    text,
    variable,
    variable_later,
)

NAMED = [
    Way(
        "depends_on_file",
        "return net(int(subprocess.check_output(['cat', HERE / 'n.txt'])))",
        text("n.txt"),
        "import subprocess",
        {"depends": ("depends_on_file/n.txt",)},
    ),
    Way(
        "depends_on_absent_file",
        "return net(5 if os.path.exists(HERE / 'n.txt') else 2)",
        later("n.txt"),
        more={"depends": ("depends_on_absent_file/n.txt",)},
    ),
    Way(
        "depends_on_content",
        "return net(int(subprocess.check_output(f'cat {HERE}/*.txt', shell=True)))",
        text("n.txt"),
        "import subprocess",
        {"depends": ("depends_on_content/*.txt",)},
    ),
    Way(
        "depends_on_new_match",
        "return net(int(subprocess.check_output(f'ls {HERE}/d | wc -l', shell=True)))",
        count("d"),
        "import subprocess",
        {"depends": ("depends_on_new_match/**/*.txt",)},
    ),
    Way(
        "depends_on_lost_match",
        "return net(2 if os.path.exists(HERE / 'n.txt') else 5)",
        gone("n.txt", ""),
        more={"depends": ("depends_on_lost_match/*",)},
    ),
    Way(
        "depends_on_folder",
        "return net(int(subprocess.check_output(f'cat {HERE}/d/e/n.txt', shell=True)))",
        text("d/e/n.txt"),
        "import subprocess",
        {"depends": ("depends_on_folder/d",)},
    ),
]
"""What cannot be seen, and is named."""

VARIABLES = [
    Way("variable", "return net(int(os.environ['WAY_ITEM']))", variable("WAY_ITEM")),
    Way("variable_get", "return net(int(os.environ.get('WAY_GET', 2)))", variable("WAY_GET")),
    Way("getenv", "return net(int(os.getenv('WAY_GETENV')))", variable("WAY_GETENV")),
    Way("getenvb", "return net(int(os.getenvb(b'WAY_GETENVB')))", variable("WAY_GETENVB")),
    Way("environb", "return net(int(os.environb[b'WAY_BYTES']))", variable("WAY_BYTES")),
    Way(
        "variable_set", "return net(5 if 'WAY_IN' in os.environ else 2)", variable_later("WAY_IN")
    ),
    Way("variable_default", "return net(int(os.getenv('WAY_OR', 2)))", variable_later("WAY_OR")),
    Way(
        "setdefault",
        "return net(int(os.environ.setdefault('WAY_SETDEFAULT', '2')))",
        variable_later("WAY_SETDEFAULT"),
    ),
    Way("variable_popped", "return net(int(os.environ.pop('WAY_POP', 2)))", variable("WAY_POP")),
    Way("expandvars", "return net(int(os.path.expandvars('$WAY_PATH')))", variable("WAY_PATH")),
    Way(
        "variable_at_import",
        "return net(NUMBER)",
        variable("WAY_IMPORT"),
        "NUMBER = int(os.environ['WAY_IMPORT'])",
    ),
    Way(
        "variable_in_text",
        "exec('number = int(os.environ[\\'WAY_EXEC\\'])', globals()); return net(number)",
        variable("WAY_EXEC"),
    ),
    Way(
        "variable_in_thread",
        "with ThreadPoolExecutor() as pool:\n"
        "    return net(int(pool.submit(lambda: os.environ['WAY_THREAD']).result()))",
        variable("WAY_THREAD"),
        "from concurrent.futures import ThreadPoolExecutor",
    ),
    Way(
        "variable_on_page",
        "",
        variable("WAY_PAGE"),
        more={"code": "import os\nfrom net import net\nmodel = net(int(os.environ['WAY_PAGE']))"},
    ),
    Way(
        "depends_on_variable",
        "return net(int(subprocess.check_output('echo $WAY_SHELL', shell=True)))",
        variable("WAY_SHELL"),
        "import subprocess",
        {"depends": ["env:WAY_SHELL"]},
    ),
]
"""Environment variables that the project's code reads by name."""


def _upgraded(folder: Path, number: int) -> None:
    site = folder / "lib/site-packages"
    if number != BEFORE:
        (site / "l_upgraded-2.dist-info").rename(site / "l_upgraded-5.dist-info")
    else:
        put(site / "l_upgraded-2.dist-info/METADATA", "Name: l_upgraded")
    put(site / "l_upgraded.py", f"N = {number}")


LIBRARY = "sys.path.insert(0, str(HERE / 'lib/site-packages'))"
LISTING = "import os, sys\nfound = [os.listdir(p) for p in sys.path if os.path.isdir(p)]"
READING = (
    "from pathlib import Path\nN = int(Path(__file__, '../../../n.txt').resolve().read_text())"
)

LIBRARIES = [
    Way(
        "version",
        "try: return net(int(float(metadata.version('way-later'))))\n"
        "except metadata.PackageNotFoundError: return net(2)",
        later("../way_later-5.0.dist-info/METADATA", "Name: way-later\nVersion: 5.0"),
        "from importlib import metadata",
    ),
    Way(
        "plugin",
        "import l_plugin; return net(getattr(l_plugin.find('m_plugin'), 'N', 2))",
        both(
            installed(
                "l_plugin",
                "def find(name):\n"
                "    try: return __import__(name)\n"
                "    except ImportError: return None",
            ),
            later("../m_plugin.py", "N = {n}"),
        ),
        LIBRARY,
    ),
    Way(
        "plugin_shadowed",
        "import l_shadow; return net(l_shadow.find('m_plugged').N)",
        both(
            installed("l_shadow", "find = __import__"),
            fixed("../m_plugged.py", "N = 2"),
            later("../first/m_plugged.py", "N = {n}"),
        ),
        LIBRARY,
    ),
]
"""What libraries do for the project's code."""

LAST = [
    Way(
        "read_by_a_library",
        "import l_reading; return net(l_reading.N)",
        both(installed("l_reading", READING), text("n.txt")),
        LIBRARY,
    ),
    Way("read_by_it_before", "import l_reading; return net(l_reading.N)", both()),
    Way("upgraded", "import l_upgraded; return net(l_upgraded.N)", _upgraded, LIBRARY),
    Way("loaded_before", "import l_upgraded; return net(l_upgraded.N)", both(), LIBRARY),
]
"""Libraries that stay loaded: all that comes later depends on what they read and on versions."""

WRITTEN = """
path = Path(tempfile.mkdtemp(), "n.txt")
path.write_text("2")
return net(int(path.read_text()))
"""
RENAMED = """
path = Path(tempfile.mkdtemp(), "n.txt")
path.with_suffix(".new").write_text("2")
os.replace(path.with_suffix(".new"), HERE / "n.txt")
return net(int((HERE / "n.txt").read_text()))
"""
GENERATED = """
folder = Path(tempfile.mkdtemp())
(folder / "m_generated.py").write_text("N = 2")
sys.path.insert(0, str(folder))
import m_generated
return net(m_generated.N)
"""
TEMPFILE = "import tempfile"

STEADY = [
    Way(
        "listed_by_a_library",
        "import l_listing; return net(2)",
        both(installed("l_listing", LISTING), later("../new_page.md")),
        LIBRARY,
    ),
    Way(
        "distribution",
        "metadata.version('pytest'); return net(2)",
        later("../new_page.md"),
        "from importlib import metadata",
    ),
    Way("library", "import l_steady; return net(2)", installed("l_steady", ""), LIBRARY),
    Way(
        "cached_code",
        "return net(2 + 0 * len(os.listdir(HERE)))",
        both(fixed("m.py"), later("__pycache__/m.pyc")),
    ),
    Way("nothing", "return net(2)", later("other.txt")),
    Way("written", WRITTEN, later("other.txt"), TEMPFILE),
    Way("renamed", RENAMED, text("other.txt"), TEMPFILE),
    Way("generated", GENERATED, later("other.txt"), TEMPFILE),
    Way(
        "folder_made",
        "if not os.path.exists(HERE / 'd'): os.makedirs(HERE / 'd')\n"
        "(HERE / 'd/n.txt').write_text('2'); return net(2)",
        later("other.txt"),
    ),
    Way(
        "temporary_file_looked_for",
        "path = Path(tempfile.mkdtemp(), 'n.txt'); path.exists() or path.write_text('2')\n"
        "return net(int(path.read_text()))",
        later("other.txt"),
        TEMPFILE,
    ),
    Way(
        "named_temporary_file",
        "with tempfile.NamedTemporaryFile('w+') as file:\n"
        "    file.write('2'); file.flush(); return net(int(open(file.name).read()))",
        later("other.txt"),
        TEMPFILE,
    ),
    Way(
        "temporary_folder",
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    Path(folder, 'n.txt').write_text('2')\n"
        "    return net(int(Path(folder, os.listdir(folder)[0]).read_text()))",
        later("other.txt"),
        TEMPFILE,
    ),
    Way(
        "temporary_database",
        "c = sqlite3.connect(tempfile.mkdtemp() + '/n.db'); c.execute('create table n (n)')\n"
        "c.close(); return net(2)",
        later("other.txt"),
        "import sqlite3, tempfile",
    ),
    Way(
        "log",
        "open(HERE.parent / 'build.log', 'a').write('built'); return net(2)",
        later("other.txt"),
    ),
    Way(
        "variable_set_before",
        "os.environ['WAY_SET'] = '2'; return net(int(os.environ['WAY_SET']))",
        variable("WAY_SET"),
    ),
    Way("all_variables", "return net(2 + 0 * len(dict(os.environ)))", variable("WAY_ALL")),
    Way(
        "variables_gone_through",
        "return net(2 + 0 * len([v for _, v in os.environ.items()] + list({**os.environ})))",
        variable("WAY_ITEMS"),
    ),
    Way(
        "variable_of_the_library",
        "shutil.get_terminal_size(); os.path.expanduser('~'); return net(2)",
        variable("COLUMNS"),
        "import shutil",
    ),
    Way("process_variable", "os.environ.get('PYTHONHASHSEED'); return net(2)", later("other.txt")),
    Way(
        "system",
        "open('/proc/self/stat').read(); open('/dev/null').read(); return net(2)",
        later("other.txt"),
    ),
]
"""What makes no difference, and must not keep a picture out of the cache."""

SURROUNDINGS = [*NAMED, *VARIABLES, *LIBRARIES]
