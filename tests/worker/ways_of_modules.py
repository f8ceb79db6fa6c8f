"""Ways to depend on a module, on data beside it, or on what is in a folder."""

from __future__ import annotations

import py_compile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from ways import AFTER, Way, Write, both, count, fixed, gone, later, put, text, zipped

SIZE = "N = {n}"


def _compiled(path: str) -> Write:
    """A module of which only the compiled code is there."""

    def write(folder: Path, number: int) -> None:
        put(folder / "source.py", f"N = {number}")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        py_compile.compile(str(folder / "source.py"), cfile=str(folder / path))
        (folder / "source.py").unlink()

    return write


def _cached(path: str) -> Write:
    """A module whose compiled code is kept beside it, as after a run of the project."""

    def write(folder: Path, number: int) -> None:
        text(path, SIZE)(folder, number)
        py_compile.compile(str(folder / path))

    return write


def _only_after(write: Write) -> Write:
    return lambda folder, number: write(folder, number) if number == AFTER else None


N = text("n.txt")
BY_FILE = """
spec = importlib.util.spec_from_file_location("cfg", HERE / "cfg.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
return net(module.N)
"""
REGISTERED = BY_FILE.replace("spec.loader", "sys.modules['cfg'] = module\nspec.loader")
UTIL = "import importlib.util"


def _package(name: str, *, module: str = "", head: str = "") -> Write:
    """A package beside the builder's module, with a module whose content changes."""
    return both(
        fixed(f"../{name}/__init__.py", head), text(f"../{name}/{module or 'sizes'}.py", SIZE)
    )


FOUND = [
    Way("module", "return net(m_plain.N)", text("../m_plain.py", SIZE), "import m_plain"),
    Way("module_cached", "return net(m_cached.N)", _cached("../m_cached.py"), "import m_cached"),
    Way("from_module", "return net(N)", text("../m_from.py", SIZE), "from m_from import N"),
    Way("star", "return net(N)", text("../m_star.py", SIZE), "from m_star import *"),
    Way(
        "star_submodule",
        "return net(sizes.N)",
        _package("p_star", head="__all__ = ['sizes']"),
        "from p_star import *",
    ),
    Way(
        "relative",
        "return net(p_rel.N)",
        _package("p_rel", head="from .sizes import N"),
        "import p_rel",
    ),
    Way(
        "relative_of_parent",
        "return net(p_up.inner.N)",
        both(
            _package("p_up", head="from p_up import inner"),
            fixed("../p_up/inner/__init__.py", "from ..sizes import N"),
        ),
        "import p_up",
    ),
    Way("lazily", "import m_lazily; return net(m_lazily.N)", text("../m_lazily.py", SIZE)),
    Way("by_name", "return net(__import__('m_name').N)", text("../m_name.py", SIZE)),
    Way(
        "import_module",
        "return net(importlib.import_module('m_imported').N)",
        text("../m_imported.py", SIZE),
        "import importlib",
    ),
    Way(
        "reload",
        "import m_reload; return net(importlib.reload(m_reload).N)",
        text("../m_reload.py", SIZE),
        "import importlib",
    ),
    Way(
        "lazy_loader",
        "spec = importlib.util.find_spec('m_lazy')\n"
        "spec.loader = importlib.util.LazyLoader(spec.loader)\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "return net(module.N)",
        text("../m_lazy.py", SIZE),
        UTIL,
    ),
    Way(
        "lazy_attribute",
        "return net(p_getattr.N)",
        _package("p_getattr", head="def __getattr__(name): from .sizes import N; return N"),
        "import p_getattr",
    ),
    Way(
        "removed",
        "import m_removed; del sys.modules['m_removed']; return net(m_removed.N)",
        text("../m_removed.py", SIZE),
    ),
    Way(
        "removed_and_shadowed",
        "import m_away; del sys.modules['m_away']; return net(m_away.N)",
        both(fixed("../m_away.py", "N = 2"), later("../first/m_away.py", SIZE)),
    ),
    Way("by_file", BY_FILE, text("cfg.py", SIZE), UTIL),
    Way("by_file_cached", BY_FILE, _cached("cfg.py"), UTIL),
    Way("by_file_registered", REGISTERED, text("cfg.py", SIZE), UTIL),
    Way(
        "by_loader",
        "return net(SourceFileLoader('cfg', str(HERE / 'cfg.py')).load_module().N)",
        text("cfg.py", SIZE),
        "from importlib.machinery import SourceFileLoader",
    ),
    Way(
        "by_file_in_site_packages",
        BY_FILE.replace("cfg.py", "site-packages/cfg.py"),
        text("site-packages/cfg.py", SIZE),
        UTIL,
    ),
    Way(
        "exec",
        "d = {}; exec(open(HERE / 'cfg.py').read(), d); return net(d['N'])",
        text("cfg.py", SIZE),
    ),
    Way(
        "run_path",
        "return net(runpy.run_path(HERE / 'cfg.py')['N'])",
        text("cfg.py", SIZE),
        "import runpy",
    ),
    Way(
        "run_module",
        "return net(runpy.run_module('m_run')['N'])",
        text("../m_run.py", SIZE),
        "import runpy",
    ),
    Way(
        "run_module_shadowed",
        "return net(runpy.run_module('m_ran')['N'])",
        both(fixed("../m_ran.py", "N = 2"), later("../first/m_ran.py", SIZE)),
        "import runpy",
    ),
    Way(
        "source",
        "return net(len(inspect.getsource(m_source.f).splitlines()))",
        both(
            lambda folder, number: put(
                folder / "../m_source.py", "def f():\n" + "    pass\n" * (number - 1)
            )
        ),
        "import inspect, m_source",
    ),
    Way(
        "shadowed",
        "return net(m_shadow.N)",
        both(fixed("../m_shadow.py", "N = 2"), later("../first/m_shadow.py", SIZE)),
        "import m_shadow",
    ),
    Way(
        "into_package",
        "return net(m_as.N)",
        both(fixed("../m_as.py", "N = 2"), later("../m_as/__init__.py", SIZE)),
        "import m_as",
    ),
    Way(
        "shadowed_by_compiled_code",
        "return net(m_pyc.N)",
        both(fixed("../m_pyc.py", "N = 2"), _only_after(_compiled("../first/m_pyc.pyc"))),
        "import m_pyc",
    ),
    Way("compiled_code", "return net(m_bare.N)", _compiled("../m_bare.pyc"), "import m_bare"),
    Way(
        "shadowed_by_extension",
        "return net(m_ext.N)",
        both(
            fixed("../m_ext.py", "N = 2"), later(f"../m_ext{EXTENSION_SUFFIXES[0]}", "no library")
        ),
        "import m_ext",
        after=None,
    ),
    Way(
        "deleted",
        "return net(m_deleted.N)",
        gone("../m_deleted.py", "N = 2"),
        "import m_deleted",
        after=None,
    ),
    Way(
        "emptied_package",
        "return net(getattr(p_empty, 'N', 5))",
        gone("../p_empty/__init__.py", "N = 2"),
        "import p_empty",
    ),
    Way(
        "namespace",
        "return net(n_plain.sizes.N)",
        text("../n_plain/sizes.py", SIZE),
        "import n_plain.sizes",
    ),
    Way(
        "namespace_shadowed",
        "return net(n_shadow.sizes.N)",
        both(fixed("../n_shadow/sizes.py", "N = 2"), later("../first/n_shadow/sizes.py", SIZE)),
        "import n_shadow.sizes",
    ),
    Way(
        "namespace_portion",
        "return net(2 + 3 * (len(list(pkgutil.iter_modules(n_portion.__path__))) - 1))",
        both(fixed("../n_portion/a.py"), later("../first/n_portion/b.py", "")),
        "import pkgutil, n_portion",
    ),
    Way(
        "iter_modules",
        "return net(len(list(pkgutil.iter_modules(p_iter.__path__))))",
        both(
            fixed("../p_iter/__init__.py"),
            lambda folder, number: (
                [put(folder / f"../p_iter/m{i}.py", "") for i in range(number)] and None
            ),
        ),
        "import pkgutil, p_iter",
    ),
    Way(
        "extended_package",
        "return net(p_extend.sizes.N)",
        both(
            fixed(
                "../p_extend/__init__.py", "__path__.append(__path__[0] + '/../extended_package')"
            ),
            text("sizes.py", SIZE),
        ),
        "import p_extend.sizes",
    ),
]
"""Modules, by whatever way they are loaded."""

OPTIONAL = [
    Way(
        "optional",
        "try: from m_local import N\nexcept ImportError: N = 2\nreturn net(N)",
        later("../m_local.py", SIZE),
    ),
    Way(
        "optional_at_import",
        "return net(N)",
        later("../m_local_early.py", SIZE),
        "try: from m_local_early import N\nexcept ImportError: N = 2",
    ),
    Way(
        "optional_submodule",
        "return net(p_opt.N)",
        both(
            fixed("../p_opt/__init__.py", "try: from .local import N\nexcept ImportError: N = 2"),
            later("../p_opt/local.py", SIZE),
        ),
        "import p_opt",
    ),
    Way(
        "optional_name",
        "try: from p_attr import local\nexcept ImportError: return net(2)\nreturn net(local.N)",
        both(fixed("../p_attr/__init__.py"), later("../p_attr/local.py", SIZE)),
    ),
    Way(
        "find_spec",
        "return net(5 if importlib.util.find_spec('m_spec') else 2)",
        later("../m_spec.py", ""),
        UTIL,
    ),
    Way(
        "find_spec_of_submodule",
        "return net(5 if importlib.util.find_spec('p_spec.local') else 2)",
        both(fixed("../p_spec/__init__.py"), later("../p_spec/local.py", "")),
        UTIL,
    ),
    Way(
        "find_spec_gone",
        "return net(2 if importlib.util.find_spec('m_spec_gone') else 5)",
        gone("../m_spec_gone.py", ""),
        UTIL,
    ),
    Way(
        "optional_in_a_library_call",
        "return net(getattr(pydoc.locate('m_located'), 'N', 2))",
        later("../m_located.py", SIZE),
        "import pydoc",
    ),
    Way(
        "optional_in_a_thread",
        "with ThreadPoolExecutor() as pool:\n"
        "    task = pool.submit(importlib.import_module, 'm_threaded')\n"
        "return net(2 if task.exception() else task.result().N)",
        later("../m_threaded.py", SIZE),
        "import importlib\nfrom concurrent.futures import ThreadPoolExecutor",
    ),
    Way(
        "second_place",
        "try: import m_second\n"
        "except ImportError: sys.path.insert(0, str(HERE / 'd')); import m_second\n"
        "return net(m_second.N)",
        both(fixed("d/m_second.py", "N = 2"), later("../first/m_second.py", SIZE)),
    ),
]
"""Modules that may or may not be there."""

PATHS = [
    Way(
        "path_inserted",
        "sys.path.insert(0, str(HERE / 'd')); import m_inserted; return net(m_inserted.N)",
        text("d/m_inserted.py", SIZE),
    ),
    Way(
        "path_appended",
        "sys.path.append(str(HERE / 'd')); import m_appended; return net(m_appended.N)",
        text("d/m_appended.py", SIZE),
    ),
    Way(
        "path_appended_and_shadowed",
        "sys.path.append(str(HERE / 'd')); import m_covered; return net(m_covered.N)",
        both(fixed("d/m_covered.py", "N = 2"), later("../m_covered.py", SIZE)),
    ),
    Way(
        "path_inserted_and_shadowed",
        "sys.path.insert(0, str(HERE / 'd')); import m_under; return net(m_under.N)",
        both(fixed("../m_under.py", "N = 2"), later("d/m_under.py", SIZE)),
    ),
    Way(
        "path_inserted_package",
        "sys.path.insert(0, str(HERE / 'd')); import p_inserted.sizes\n"
        "return net(p_inserted.sizes.N)",
        both(fixed("d/p_inserted/__init__.py"), text("d/p_inserted/sizes.py", SIZE)),
    ),
    Way(
        "site_folder",
        "site.addsitedir(str(HERE / 'd')); import m_site; return net(m_site.N)",
        both(fixed("d/more.pth", "lib"), text("d/lib/m_site.py", SIZE)),
        "import site",
    ),
    Way(
        "zipped_module",
        "sys.path.insert(0, str(HERE / 'lib.zip')); import m_zipped; return net(m_zipped.N)",
        zipped("lib.zip", {"m_zipped.py": SIZE}),
    ),
    Way(
        "zip_importer",
        "return net(zipimport.zipimporter(str(HERE / 'lib.zip')).load_module('m_zip').N)",
        zipped("lib.zip", {"m_zip.py": SIZE}),
        "import zipimport",
    ),
    Way(
        "zipped_data",
        "sys.path.insert(0, str(HERE / 'lib.zip'))\n"
        "return net(int(pkgutil.get_data('p_zipped', 'n.txt')))",
        zipped("lib.zip", {"p_zipped/__init__.py": "", "p_zipped/n.txt": "{n}"}),
        "import pkgutil",
    ),
]
"""Modules elsewhere than on the build's `sys.path`."""


def _resource(name: str, code: str, write: Write = N, head: str = "resources") -> Way:
    """Data in the package `r_<name>`."""
    package = both(fixed("__init__.py"), write)
    inside: Write = lambda folder, number: package(folder.parent / f"r_{name}", number)  # noqa: E731
    head = "import pkgutil" if head == "pkgutil" else "from importlib import resources"
    return Way(f"resource_{name}", code.replace("PK", f"'r_{name}'"), inside, head)


RESOURCES = [
    _resource("files", "return net(int((resources.files(PK) / 'n.txt').read_text()))"),
    _resource("joined", "return net(int(resources.files(PK).joinpath('n.txt').open().read()))"),
    _resource("read_text", "return net(int(resources.read_text(PK, 'n.txt')))"),
    _resource("read_binary", "return net(int(resources.read_binary(PK, 'n.txt')))"),
    _resource("open_text", "return net(int(resources.open_text(PK, 'n.txt').read()))"),
    _resource("open_binary", "return net(int(resources.open_binary(PK, 'n.txt').read()))"),
    _resource("path", "with resources.path(PK, 'n.txt') as p: return net(int(p.read_text()))"),
    _resource(
        "as_file",
        "with resources.as_file(resources.files(PK) / 'n.txt') as p:\n"
        "    return net(int(p.read_text()))",
    ),
    _resource(
        "iterdir",
        "return net(sum(p.suffix == '.txt' for p in resources.files(PK).iterdir()))",
        count("."),
    ),
    _resource(
        "contents",
        "return net(sum(n.endswith('.txt') for n in resources.contents(PK)))",
        count("."),
    ),
    _resource("get_data", "return net(int(pkgutil.get_data(PK, 'n.txt')))", head="pkgutil"),
    _resource(
        "get_data_of_namespace",
        "return net(int(pkgutil.get_data(PK + '.d', 'n.txt')))",
        both(text("d/n.txt"), fixed("d/__init__.py")),
        head="pkgutil",
    ),
    _resource(
        "loader",
        "p = __import__(PK); return net(int(p.__loader__.get_data(p.__path__[0] + '/n.txt')))",
    ),
]
"""Data in packages."""

LISTED = [
    Way("listdir", "return net(len(os.listdir(HERE / 'd')))", count("d")),
    Way("listdir_here", "os.chdir(HERE / 'd'); return net(len(os.listdir()))", count("d")),
    Way("scandir", "return net(len(list(os.scandir(HERE / 'd'))))", count("d")),
    Way("walk", "return net(sum(len(f) for *_, f in os.walk(HERE / 'd')))", count("d/e")),
    Way("fwalk", "return net(sum(len(f) for _, _, f, _ in os.fwalk(HERE / 'd')))", count("d/e")),
    Way("glob", "return net(len(glob.glob(f'{HERE}/d/*.txt')))", count("d"), "import glob"),
    Way(
        "glob_below",
        "return net(len(glob.glob(f'{HERE}/**/*.txt', recursive=True)))",
        count("d/e"),
        "import glob",
    ),
    Way("iterdir", "return net(len(list((HERE / 'd').iterdir())))", count("d")),
    Way("path_glob", "return net(len(list(HERE.glob('d/*.txt'))))", count("d")),
    Way("path_rglob", "return net(len(list(HERE.rglob('*.txt'))))", count("d/e")),
    Way(
        "listed_and_written_to",
        "(HERE / 'd/0.txt').write_text('again'); return net(len(os.listdir(HERE / 'd')))",
        count("d"),
    ),
]
"""Folders that are listed."""

MODULES = [*FOUND, *OPTIONAL, *PATHS, *RESOURCES, *LISTED]
