/**
 * Fetches one wheel with Python's standard library alone, for a Python without pip: proxies, `NO_PROXY` and
 * `SSL_CERT_FILE` are honoured by urllib. Reads `{index, name, version, sha256: [...], program, target}` from stdin;
 * finds the wheel of this platform in the simple index, checks its hash, and writes the program in it to `target`.
 */
export const FETCH_WHEEL = `
import hashlib, html, io, json, os, platform, re, stat, sys, sysconfig, tempfile, urllib.parse, urllib.request, zipfile

def fetch(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.geturl(), answer.read()

def fits(tags):
    system = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    if system.startswith("linux_"):
        machine = system[len("linux_"):]
        family = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
        return any(tag.startswith(family) and tag.endswith("_" + machine) for tag in tags)
    if system.startswith("macosx_"):
        return any(tag.startswith("macosx_") and tag.endswith("_" + platform.machine()) for tag in tags)
    return system in tags

def main():
    want = json.load(sys.stdin)
    page, body = fetch(want["index"].rstrip("/") + "/" + want["name"] + "/")
    prefix = want["name"] + "-" + want["version"] + "-"
    for link in re.findall(r'href="([^"]+)"', body.decode("utf-8")):
        url = urllib.parse.urldefrag(urllib.parse.urljoin(page, html.unescape(link))).url
        file = urllib.parse.unquote(url.rsplit("/", 1)[1])
        if not (file.startswith(prefix) and file.endswith(".whl")):
            continue
        if not fits(file[:-len(".whl")].split("-")[-1].split(".")):
            continue
        wheel = fetch(url)[1]
        digest = hashlib.sha256(wheel).hexdigest()
        if digest not in want["sha256"]:
            sys.exit("%s has SHA-256 %s, which is not one of the release's" % (file, digest))
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            member = next(name for name in archive.namelist() if name.endswith("/scripts/" + want["program"]))
            program = archive.read(member)
        os.makedirs(os.path.dirname(want["target"]), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(want["target"]))
        with os.fdopen(handle, "wb") as out:
            out.write(program)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o755)
        os.replace(temporary, want["target"])
        return
    sys.exit("the index has no wheel of %s %s for this platform" % (want["name"], want["version"]))

main()
`;
