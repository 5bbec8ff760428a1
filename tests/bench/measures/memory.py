"""What a gateway holds that does nothing: the worked configuration, every door open, no traffic."""
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from running import Failed, Programs

SOURCE = pathlib.Path(__file__).resolve().parents[3]
HOLDERS = ['ZT1:quayside-epr', 'ZT2:moorland-pas', 'Z99001:bridge-gp', 'ZI1:desk']  # whose keys config/ names
MOST_MIB = 64
STARTS_WITHIN_SECONDS = 60
SETTLES_SECONDS = 3  # the audit logs zero their next segments in the background


def _configure(folder: pathlib.Path) -> pathlib.Path:
    """A copy of config/ that takes any free port."""
    shutil.copytree(SOURCE / 'config', folder, dirs_exist_ok=True)
    config = folder / 'gateway.toml'
    lines = [f'{line.split(" = ")[0]} = 0' if line.split(' = ')[0] in ('port', 'metrics_port') else line
             for line in config.read_text().splitlines()]
    config.write_text('\n'.join(lines) + '\n')
    for inbox in ('practices', 'council'):
        (folder / 'inbox' / inbox).mkdir(parents=True)
    holders = [word for holder in HOLDERS for word in ('--organisation', holder)]
    subprocess.run([SOURCE / 'deploy' / 'trial-certificates', folder / 'certificates', *holders], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return config


def _resident_mib(process: int) -> float:
    lines = pathlib.Path(f'/proc/{process}/status').read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith('VmRSS:')) / 1024


def _idle(programs: Programs, _seconds: float) -> tuple[list[str], list[list[str]]]:
    binary = programs.folder.parents[1] / 'milecastle'
    if not binary.exists():
        raise Failed(f'{binary} is not built')
    with tempfile.TemporaryDirectory(dir=programs.work.name) as name:
        folder = pathlib.Path(name)
        gateway = subprocess.Popen([binary, 'serve', '--config', _configure(folder)], stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + STARTS_WITHIN_SECONDS
            while not (folder / 'data' / 'listeners').exists():
                if gateway.poll() is not None or time.monotonic() > until:
                    raise Failed('the gateway did not start')
                time.sleep(0.05)
            time.sleep(SETTLES_SECONDS)
            resident = _resident_mib(gateway.pid)
        finally:
            gateway.send_signal(signal.SIGTERM)
            gateway.wait(timeout=60)
    return ['idle gateway, config/gateway.toml', 'MiB'], [['resident', f'{resident:.1f}'], ['at most', str(MOST_MIB)]]


TABLES = {'idle': _idle}
