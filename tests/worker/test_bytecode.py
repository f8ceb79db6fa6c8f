"""A build leaves no compiled code beside the user's, and keeps that of libraries."""

import subprocess
import sys

SCRIPT = """
import sys
from keras_diagram_core.worker.bytecode import keep_users_folders_clean

base = sys.argv[1]
sys.dont_write_bytecode = False
sys.path[:0] = [base, f"{base}/lib/site-packages"]
keep_users_folders_clean()
import library, users

users.__loader__.set_data(f"{base}/x.txt", b"data")
sys.pycache_prefix = f"{base}/prefix"
import elsewhere
"""


def test_only_the_folders_of_users_are_kept_clean(tmp_path):
    site = tmp_path / "lib" / "site-packages"
    (site / "library-1.0.dist-info").mkdir(parents=True)
    for path in (site / "library.py", tmp_path / "users.py", tmp_path / "elsewhere.py"):
        path.write_text("")
    subprocess.run([sys.executable, "-c", SCRIPT, tmp_path], check=True)
    written = {path.name.partition(".")[0] for path in tmp_path.rglob("*.pyc")}
    assert written == {"library", "elsewhere"}
    assert not (tmp_path / "__pycache__").exists()
    assert (tmp_path / "x.txt").read_bytes() == b"data"
