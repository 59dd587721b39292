"""A view of the system of its own: no network, no other processes, and only the standard library as files."""

from __future__ import annotations

import os

from . import libc

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2

NOBODY = 65534
SYSTEM_LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64")
DEVICES = ("null", "zero", "urandom")
PACKAGE_FOLDERS = ("site-packages", "dist-packages")

# A mount may only be made stricter: flags that it has must be given again (statvfs flag -> mount flag).
_KEPT_FLAGS = {2: MS_NOSUID, 4: MS_NODEV, 8: MS_NOEXEC, 1024: 1024, 2048: 2048, 4096: 1 << 21}


_KINDS = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Layout = tuple[list[str], dict[str, str], list[str]]


def unshare() -> bool:
    """Moves this process into namespaces of its own; its next child is process 1 in there. True where that took a user
    namespace, false where it took real root. Raises libc.Refused."""
    return _isolate(lambda kinds: libc.call("unshare", kinds))[1]


def clone() -> tuple[int, bool]:
    """Forks a child that is process 1 of namespaces of its own: its process id (0 in the child), and as `unshare` how
    that was done. Raises libc.Refused, also in the child."""
    return _isolate(libc.clone)


def _isolate(create: Callable[[int], int]) -> tuple[int, bool]:
    user, group = os.geteuid(), os.getegid()
    try:
        child = create(CLONE_NEWUSER | _KINDS)
    except libc.Refused:
        if user != 0:
            raise
        return create(_KINDS), False  # a container may forbid user namespaces and still leave root its capabilities
    if child == 0:
        _map_user(user, group)
    return child, True


def _map_user(user: int, group: int) -> None:
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {user} 1"),
        ("gid_map", f"{NOBODY} {group} 1"),
    ):
        try:
            descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
            os.write(descriptor, text.encode())
            os.close(descriptor)
        except OSError as error:
            raise libc.Refused(f"{name}: {error}") from error


def layout() -> Layout:
    """What `build_root` shows and hides. The same for every program of one interpreter."""
    return (*visible_files(), hidden_folders())


def build_root(disk_bytes: int, layout: Layout) -> None:
    """Replaces the file system by system libraries and the standard library, read-only, three devices, and an empty
    /tmp of limited size, which becomes the working directory. Raises libc.Refused."""
    folders, links, hidden = layout
    libc.mount(None, "/", None, MS_REC | MS_PRIVATE)
    libc.mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    os.mkdir("/tmp/old")
    os.chdir("/tmp")
    libc.call("pivot_root", b".", b"old")
    os.chdir("/")
    os.mkdir("/tmp")  # before the others: the interpreter itself may live under /tmp
    libc.mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={disk_bytes},nr_inodes=4096,mode=1777")
    for folder in folders:
        _bind_readonly(folder, hidden)
    for link, target in links.items():
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(target, link)
    os.mkdir("/dev")
    for device in DEVICES:
        os.close(os.open(f"/dev/{device}", os.O_CREAT | os.O_WRONLY))
        libc.mount(f"/old/dev/{device}", f"/dev/{device}", None, MS_BIND)
    libc.call("umount2", b"/old", MNT_DETACH)
    os.rmdir("/old")
    libc.mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir("/tmp")


def visible_files() -> tuple[list[str], dict[str, str]]:
    """Folders that a program may read, parents first, and symbolic links among the system's library folders."""
    links = {path: os.readlink(path) for path in SYSTEM_LIBRARIES if os.path.islink(path)}
    wanted = {path for path in SYSTEM_LIBRARIES if path not in links and os.path.isdir(path)}
    wanted.add(os.path.realpath(os.path.dirname(os.__file__)))
    wanted |= _folders_of_loaded_libraries()
    chosen: list[str] = []
    for path in sorted(wanted):
        if not any(path == parent or path.startswith(parent + "/") for parent in chosen):
            chosen.append(path)
    standard = os.path.dirname(os.__file__)
    if standard != os.path.realpath(standard):
        links[standard] = os.path.realpath(standard)
    return chosen, links


def hidden_folders() -> list[str]:
    """Installed packages inside of visible folders: they are the user's choice, and none of a program's business."""
    parents = (os.path.realpath(os.path.dirname(os.__file__)), "/usr/lib/python3")
    candidates = (os.path.join(parent, name) for parent in parents for name in PACKAGE_FOLDERS)
    return [path for path in candidates if os.path.isdir(path)]


def _folders_of_loaded_libraries() -> set[str]:
    """Where this interpreter's own shared libraries are: needed where they are not in the system's folders."""
    folders = set()
    with open("/proc/self/maps") as file:
        for line in file:
            path = line.rstrip("\n").partition("/")[2]
            if ".so" in path:
                folders.add(os.path.dirname(f"/{path}"))
    return folders


def _bind_readonly(folder: str, hidden: list[str]) -> None:
    os.makedirs(folder, exist_ok=True)
    libc.mount(f"/old{folder}", folder, None, MS_BIND | MS_REC)
    present = os.statvfs(folder).f_flag
    kept = sum(mount for stat, mount in _KEPT_FLAGS.items() if present & stat)
    libc.mount(None, folder, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | kept)
    for path in hidden:
        if path.startswith(folder + "/"):
            libc.mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=755")


def drop_root() -> None:
    """Becomes nobody, where real root made the namespaces. Raises OSError."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
