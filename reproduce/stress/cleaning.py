"""`make clean` and `make purge`, in folders of odd names that others use, too."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from reproduce.cleaning import FOLDERS
from reproduce.errors import make_argument, visible
from reproduce.experiment.store import BEST_MODEL, HELD, Store
from reproduce.files import is_temporary
from reproduce.publish.build import build
from reproduce.training.pool import MARK, ROOT

from .trial import Trial, left_out

NAMES = (
    *("my results", " before", "after ", "two  spaces", "a tab\there", "line\nline"),
    *("it's", 'a "b"', "`id`", "a;b", "a & b", "a|b", "a > b", "(a b)", "{a,b}"),
    *("a$b", "$HOME", "$(OUT)", "$$", "~", "~/a b", "*", "a*", "?", "[ab]", "!a"),
    *("-rf", "--", "-rf a", "a\\", "a\\ b", "#a b", "a#b", "%", "a=b", "a:b", "OUT=a"),
    *("ä ö", "雪 a", "\u202ea b", "a\x1b[2Jb", os.fsdecode(b"caf\xe9 \xff")),
)
HAZARDS = " '\"$`*?[]{}()~!#%&|;<>=:,\\-.\t\n\x07äß雪ab"
RANDOM = 12  # more names, a try
HOME = "home"
BYSTANDERS = ("a", "b", HOME)  # folders of other runs, beside whatever is cleaned
TERMINALS = ("utf-8", "ascii")  # where printing any other letter is an error
SCATTERED = 12  # files and folders of others, at most
ENDS = (".bak", "~", " (copy)", " ", "\n", "x", "_")
NO_METHOD = ("~", " (copy)", "\n")  # what no method's folder ends in
STARTS = ("x", " ", "copy of ", "#", "._", "0")
OTHER_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def clean_folders(scene, rng, tries):
    """Through make, as users do it: all that is ours goes, and nothing else."""
    trial = Trial("folders of odd names that others use too, cleaned and purged")
    if not shutil.which("make"):
        return left_out(trial.name, "make is not installed")
    files, report = _products(scene)
    for _ in range(tries):
        for name in (*NAMES, *(_name(rng) for _ in range(RANDOM))):
            trial.tries += 1
            _clean(trial, scene.fresh("checkout"), name, files, report, rng)
    return trial


def _products(scene):
    """What commands leave in a folder: name to bytes; and the names of the report."""
    folder, (cell, *_) = scene.fresh("made"), scene.cells
    shutil.copytree(scene.expected, folder, dirs_exist_ok=True)
    report = {path.relative_to(folder).as_posix() for path in build(folder, None)}
    store = Store(folder)
    path = store.path(cell)
    content = path.read_bytes()
    for damaged in (path, store.model_path(cell), path):
        damaged.write_bytes(content)
        store.set_aside(damaged)
    path.write_bytes(content)
    for empty in (
        *(*store.checkpoint_paths(cell), store.data_path, folder / HELD, folder / MARK),
        *(store.model_path(cell), path.with_name(f".{path.name}.{'ab' * 8}.tmp")),
    ):
        empty.touch()
    files = {name: path.read_bytes() for name, path in _files(folder).items()}
    # Models and pictures are large, and known by their names.
    files |= {name: b"" for name in files if name.endswith((".keras", ".png"))}
    return files, report - {BEST_MODEL}


def _clean(trial, checkout, name, files, report, rng):
    """Clean one folder in a new copy of the project, then purge it; or purge it."""
    out = checkout / name
    _put(out, files)
    ours = {Path(name), *(Path(name, inner) for inner in _tree(out))}
    _surround(checkout, name, files)
    _scatter(out, files, rng)
    for target in rng.choice((("clean", "purge"), ("purge",))):
        before = _tree(checkout)
        gone = {path for path in ours if before.get(path) is not None}
        if target == "clean":
            gone &= {Path(name, inner) for inner in report}
        command = _make(trial, checkout, target, name, rng)
        after, expected = _tree(checkout), _left(before, ours, gone)
        both = after.keys() & expected.keys()
        for change, paths in {
            "gone": expected.keys() - both,
            "left": after.keys() - both,
            "changed": {path for path in both if after[path] != expected[path]},
        }.items():
            shown = ", ".join(visible(path) for path in sorted(paths)[:3])
            trial.expect(not paths, f"{command}: {len(paths)} {change}: {shown}")
    shutil.rmtree(checkout)


def _left(before, ours, gone):
    """What must be there after some of our files are gone.

    A folder of ours stays as long as there is something in it.
    """
    staying = {
        p for p in before.keys() - gone if before[p] is not None or p not in ours
    }
    around = {folder for path in staying for folder in path.parents}
    return {path: before[path] for path in before if path in staying | around}


def _make(trial, checkout, target, name, rng):
    """Have make clean the folder; return what was done, in words."""
    out = rng.choice((name, name, str(checkout / name)))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout / HOME),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": rng.choice(TERMINALS),
    }
    words = [make_argument(out)]
    if rng.random() < 0.5:
        environment["OUT"] = out
        words = []
    done = subprocess.run(  # without any package: none may be installed yet
        ["make", f"PYTHON={sys.executable} -S", target, *words],
        cwd=checkout,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
    )
    command = f"make {target}, OUT={visible(name)!r}"
    wrong = visible(done.stderr.strip()[-300:])
    trial.expect(done.returncode == 0, f"{command}: status {done.returncode}: {wrong}")
    trial.expect("Traceback" not in done.stderr, f"{command}: a traceback")
    return command


def _name(rng):
    """A folder's name of characters that mean something to shells and to make."""
    while (name := "".join(rng.choices(HAZARDS, k=rng.randint(1, 9)))) in (".", ".."):
        continue
    return rng.choice(("", "results/")) + name


def _surround(checkout, name, files):
    """Put there what make needs, and other runs in folders that are named by words of
    the name."""
    shutil.copy(ROOT / "Makefile", checkout)
    (checkout / "reproduce").mkdir()
    for path in (ROOT / "reproduce").glob("*.py"):
        shutil.copy(path, checkout / "reproduce")
    texts = {n: files[n] for n in files if n.endswith(".json") or n == "REPORT.md"}
    words = {*BYSTANDERS, *re.findall(r"[^\W_]+", name), *name.split()}
    for place in {checkout, (checkout / name).parent}:
        for folder in {place / word for word in words}:
            if not folder.exists():
                _put(folder, texts)


def _scatter(out, files, rng):
    """Put files, folders and a link of others into it."""
    near = [name for name in files if not is_temporary(Path(name).name)]
    inside = [path for path in out.rglob("*") if path.is_dir()]
    inside += [out, *(out / folder for folder in FOLDERS)]
    for _ in range(SCATTERED):
        odd = rng.choice(inside) / Path(_name(rng)).name
        path = rng.choice((odd, out / _nearly(rng.choice(near), rng)))
        with suppress(FileExistsError, NotADirectoryError):  # another is there
            if rng.random() < 0.25:
                (path / "empty folder").mkdir(parents=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("x") as file:
                    file.write("of others")
    link = rng.choice([folder for folder in inside if folder.exists()]) / "link"
    link.symlink_to(out.parent / BYSTANDERS[0], target_is_directory=True)


def _nearly(name, rng):
    """A name that differs from one of ours in one of its parts."""
    *above, part = name.split("/")[: rng.randint(1, name.count("/") + 1)]
    below = name.split("/")[len(above) + 1 :]
    changed = [part + end for end in NO_METHOD]
    if not (above and above[-1].startswith("arch")):  # there any word is a method
        changed += [part + end for end in ENDS] + [start + part for start in STARTS]
        changed += [part.replace("-", "-0"), part.replace("-", " "), part.swapcase()]
        changed += [part.translate(OTHER_DIGITS)]
    changed = rng.choice([new for new in changed if new != part])
    return "/".join([*above, changed, *below])


def _put(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _files(folder):
    """Name to path of each file below."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in paths}


def _tree(folder):
    """Path below to what is there: bytes, where a link leads, or None, a folder."""
    tree = {}
    for path in folder.rglob("*"):
        if path.is_symlink():
            content = os.readlink(path)
        else:
            content = None if path.is_dir() else path.read_bytes()
        tree[path.relative_to(folder)] = content
    return tree
